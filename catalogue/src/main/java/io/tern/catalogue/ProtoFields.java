package io.tern.catalogue;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The fields of a protobuf message in wire order, as views: nothing is copied, and every length is checked. */
final class ProtoFields implements Iterable<ProtoField> {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;
    private static final int MAX_VARINT_BYTES = 10;

    private final ByteBuffer message;

    ProtoFields(ByteBuffer message) {
        this.message = message;
    }

    @Override
    public Iterator<ProtoField> iterator() {
        ByteBuffer rest = message.duplicate();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rest.hasRemaining();
            }

            @Override
            public ProtoField next() {
                if (!rest.hasRemaining()) {
                    throw new NoSuchElementException();
                }
                return field(rest);
            }
        };
    }

    private static ProtoField field(ByteBuffer rest) {
        long tag = varint(rest);
        // Other parsers drop the bits above the 32nd, and would see a field that we took for another one.
        if (tag >>> 32 != 0 || tag >>> 3 == 0) {
            throw ModelGate.refused("a field number of " + (tag >>> 3), "1..536870911");
        }
        int number = (int) (tag >>> 3);
        return switch ((int) (tag & 7)) {
            case VARINT -> new ProtoField(number, ByteBuffer.allocate(0), false, varint(rest));
            case FIXED64 -> new ProtoField(number, take(rest, 8), false, 0);
            case FIXED32 -> new ProtoField(number, take(rest, 4), false, 0);
            case LENGTH_DELIMITED -> new ProtoField(number, take(rest, varint(rest)), true, 0);
            default -> throw ModelGate.refused("wire type " + (tag & 7), "a protobuf message");
        };
    }

    private static ByteBuffer take(ByteBuffer rest, long length) {
        if (length < 0 || length > rest.remaining()) {
            throw ModelGate.refused("a length of " + length + " with " + rest.remaining() + " bytes left", "less");
        }
        ByteBuffer taken = rest.slice(rest.position(), (int) length);
        rest.position(rest.position() + (int) length);
        return taken;
    }

    /** Reads one number. */
    static long varint(ByteBuffer rest) {
        long value = 0;
        for (int shift = 0; shift < 7 * MAX_VARINT_BYTES; shift += 7) {
            if (!rest.hasRemaining()) {
                throw ModelGate.refused("an end within a number", "a whole protobuf message");
            }
            byte next = rest.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw ModelGate.refused("a number of more than ten bytes", "a protobuf message");
    }
}
