package io.tern.wire.inference;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tern.base.TernException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Elements of BYTES one behind the other: the length of each in four bytes, little-endian, and its own. */
public final class BytesElements {
    private BytesElements() {}

    public static ByteString of(List<ByteString> elements) {
        int size = elements.stream()
                .mapToInt(element -> Integer.BYTES + element.size())
                .reduce(0, Math::addExact);
        ByteBuffer whole = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elements.forEach(element -> {
            whole.putInt(element.size());
            element.copyTo(whole);
        });
        return UnsafeByteOperations.unsafeWrap(whole.flip());
    }

    /**
     * Each whole, and as many as a shape has.
     *
     * @param field of the request, for messages
     * @throws TernException INVALID_ARGUMENT
     */
    public static void check(String field, ByteString elements, long count) {
        ByteBuffer bytes = elements.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long found = 0;
        for (; bytes.hasRemaining(); found++) {
            String element = field + "[" + found + "]";
            TernException.require(
                    bytes.remaining() >= Integer.BYTES,
                    element,
                    bytes.remaining() + " bytes at the end",
                    "its length in four bytes, little-endian, and its own");
            int length = bytes.getInt();
            TernException.require(
                    0 <= length && length <= bytes.remaining(),
                    element,
                    Integer.toUnsignedString(length) + " bytes",
                    "at most the " + bytes.remaining() + " that follow its length");
            bytes.position(bytes.position() + length);
        }
        TernException.require(found == count, field, found + " elements of BYTES", count + " as by the shape");
    }
}
