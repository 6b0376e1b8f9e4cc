package io.tern.inference.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.UnsafeByteOperations;
import io.tern.base.TernException;
import io.tern.inference.v2.InferTensorContents;
import io.tern.wire.inference.BytesElements;
import io.tern.wire.inference.Datatype;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Elements that came in the field of their type, as bytes. */
final class TypedContents {
    private TypedContents() {}

    /**
     * @param field of the request, for messages
     * @param count elements that the shape has
     * @throws TernException INVALID_ARGUMENT for another field than the type's, another count or a value out of range
     */
    static ByteString bytes(String field, InferTensorContents contents, Datatype datatype, long count) {
        TernException.require(
                !datatype.isHalf(), field, "typed " + datatype, "raw_input_contents, as of all half floats");
        String own = fieldOf(datatype);
        int found = 0;
        for (var entry : contents.getAllFields().entrySet()) {
            FieldDescriptor sent = entry.getKey();
            int size = ((List<?>) entry.getValue()).size();
            TernException.require(
                    sent.getName().equals(own),
                    field + "." + sent.getName(),
                    size + " elements",
                    own + " of " + datatype);
            found = size;
        }
        TernException.require(found == count, field + "." + own, found + " elements", count + " as by the shape");
        if (datatype == Datatype.BYTES) {
            return BytesElements.of(contents.getBytesContentsList());
        }
        ByteBuffer bytes = ByteBuffer.allocate(found * datatype.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < found; i++) {
            put(bytes, field + "." + own, i, contents, datatype);
        }
        return UnsafeByteOperations.unsafeWrap(bytes.flip());
    }

    private static String fieldOf(Datatype datatype) {
        return switch (datatype) {
            case BOOL -> "bool_contents";
            case INT8, INT16, INT32 -> "int_contents";
            case INT64 -> "int64_contents";
            case UINT8, UINT16, UINT32 -> "uint_contents";
            case UINT64 -> "uint64_contents";
            case FP32 -> "fp32_contents";
            case FP64 -> "fp64_contents";
            case BYTES -> "bytes_contents";
            case FP16, BF16 -> "raw_input_contents";
        };
    }

    private static void put(ByteBuffer bytes, String field, int i, InferTensorContents contents, Datatype datatype) {
        switch (datatype) {
            case BOOL -> bytes.put((byte) (contents.getBoolContents(i) ? 1 : 0));
            case INT8 -> bytes.put((byte) within(field, i, contents.getIntContents(i), -0x80, 0x7f));
            case INT16 -> bytes.putShort((short) within(field, i, contents.getIntContents(i), -0x8000, 0x7fff));
            case INT32 -> bytes.putInt(contents.getIntContents(i));
            case INT64 -> bytes.putLong(contents.getInt64Contents(i));
            case UINT8 -> bytes.put((byte) within(field, i, unsigned(contents, i), 0, 0xff));
            case UINT16 -> bytes.putShort((short) within(field, i, unsigned(contents, i), 0, 0xffff));
            case UINT32 -> bytes.putInt(contents.getUintContents(i));
            case UINT64 -> bytes.putLong(contents.getUint64Contents(i));
            case FP32 -> bytes.putFloat(contents.getFp32Contents(i));
            case FP64 -> bytes.putDouble(contents.getFp64Contents(i));
            case FP16, BF16, BYTES ->
                throw new IllegalArgumentException("datatype: " + datatype + " (expected: dealt with before)");
        }
    }

    private static long unsigned(InferTensorContents contents, int i) {
        return Integer.toUnsignedLong(contents.getUintContents(i));
    }

    private static long within(String field, int i, long value, long least, long most) {
        TernException.require(least <= value && value <= most, field + "[" + i + "]", value, least + ".." + most);
        return value;
    }
}
