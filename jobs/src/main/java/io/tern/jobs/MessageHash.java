package io.tern.jobs;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import io.tern.base.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;

/** SHA-256 of a message's content: equal messages have equal hashes, in whatever order their maps were filled. */
public final class MessageHash {
    private MessageHash() {}

    public static String of(Message message) {
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Sha256.of(bytes);
    }
}
