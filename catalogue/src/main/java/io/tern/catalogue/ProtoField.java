package io.tern.catalogue;

import java.nio.ByteBuffer;

/** A field of a protobuf message: its number, and its bytes if it is length-delimited (else empty). */
record ProtoField(int number, ByteBuffer bytes, boolean isMessage) {
    /** @throws io.tern.base.TernException if the field is a number where a message was expected */
    ByteBuffer message() {
        if (!isMessage) {
            throw ModelGate.refused("a number in field " + number, "a message");
        }
        return bytes;
    }
}
