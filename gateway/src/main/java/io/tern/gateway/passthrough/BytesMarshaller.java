package io.tern.gateway.passthrough;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A message is its bytes. */
enum BytesMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    BYTES;

    private static final int PIECE_BYTES = 1 << 16;

    @Override
    public InputStream stream(byte[] message) {
        return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream message) {
        try {
            return message instanceof KnownLength ? message.readAllBytes() : unpack(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Piece by piece. Of a call that is refused meanwhile it is what has come so far, and goes nowhere. */
    private static byte[] unpack(InputStream packed) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE_BYTES];
        try {
            for (int read = packed.read(piece); read >= 0 && !MessageBudget.isOver(); read = packed.read(piece)) {
                message.write(piece, 0, read);
            }
        } catch (StatusRuntimeException e) {
            // gRPC's bound of one message. Left to itself it would end the call as UNKNOWN.
            MessageBudget.refuse(
                    new TernException(ErrorCode.PAYLOAD_TOO_LARGE, "message: too large when it is unpacked", null, e));
            if (!MessageBudget.isOver()) {
                throw e;
            }
        }
        return message.toByteArray();
    }
}
