package io.tern.serving;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a message will take in memory once it is read, told by its bytes alone: an element of a list of numbers comes as one
 * byte and becomes eight, an empty message in a list comes as two and becomes an object. An estimate, within a factor of two.
 */
final class MessageWeight {
    private static final int OBJECT = 24;
    private static final int LINK = 8;
    /** Where the reader gives up itself. */
    private static final int MOST_LEVELS = 100;

    private final CodedInputStream bytes;
    private long weight;

    private MessageWeight(InputStream bytes) {
        this.bytes = CodedInputStream.newInstance(bytes);
    }

    /**
     * Bytes of memory.
     *
     * @param most counting ends beyond it
     * @param bytes are read to their end, or as far as they are a message
     */
    static long of(Descriptor type, InputStream bytes, long most) throws IOException {
        MessageWeight message = new MessageWeight(bytes);
        message.fields(type, most, 0);
        return message.weight;
    }

    private void fields(Descriptor type, long most, int level) throws IOException {
        for (int tag = bytes.readTag(); tag != 0 && weight <= most && level < MOST_LEVELS; tag = bytes.readTag()) {
            @Nullable FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                delimited(field, bytes.readRawVarint32(), most, level);
            } else {
                weight += field != null && !field.isRepeated() ? 0 : OBJECT;
                bytes.skipField(tag);
            }
        }
    }

    private void delimited(@Nullable FieldDescriptor field, int length, long most, int level) throws IOException {
        if (field != null && field.getJavaType() == JavaType.MESSAGE) {
            weight += OBJECT + (long) LINK * field.getMessageType().getFields().size();
            int limit = bytes.pushLimit(length);
            fields(field.getMessageType(), most, level + 1);
            if (weight <= most) {
                bytes.skipRawBytes(Math.max(0, bytes.getBytesUntilLimit()));
            }
            bytes.popLimit(limit);
        } else if (field != null && field.isPackable()) {
            weight += (long) width(field) * elements(field, length);
        } else {
            weight += OBJECT + length;
            bytes.skipRawBytes(length);
        }
    }

    private static int width(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case BOOLEAN -> 1;
            case INT, FLOAT, ENUM -> 4;
            default -> 8;
        };
    }

    /** Of a packed list; it is passed over. */
    private int elements(FieldDescriptor field, int length) throws IOException {
        switch (field.getType()) {
            case FIXED32, SFIXED32, FLOAT -> {
                bytes.skipRawBytes(length);
                return length / 4;
            }
            case FIXED64, SFIXED64, DOUBLE -> {
                bytes.skipRawBytes(length);
                return length / 8;
            }
            default -> {
                int count = 0;
                for (int i = 0; i < length; i++) {
                    count += bytes.readRawByte() >= 0 ? 1 : 0; // the last byte of each
                }
                return count;
            }
        }
    }
}
