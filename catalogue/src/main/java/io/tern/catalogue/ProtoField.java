package io.tern.catalogue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A field of a protobuf message: its number, and its bytes if it is length-delimited (else empty).
 *
 * @param value of a field that is a varint, else 0
 */
record ProtoField(int number, ByteBuffer bytes, boolean isMessage, long value) {
    /** @throws io.tern.base.TernException if the field is a number where a message was expected */
    ByteBuffer message() {
        if (!isMessage) {
            throw ModelGate.refused("a number in field " + number, "a message");
        }
        return bytes;
    }

    /** The same bytes as text in UTF-8. */
    String text() {
        return StandardCharsets.UTF_8.decode(message().duplicate()).toString();
    }
}
