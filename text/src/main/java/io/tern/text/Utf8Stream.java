package io.tern.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Bytes in, whole characters out: a character whose bytes are not all there waits for them, and what can never become
 * one is U+FFFD, one for each longest start of a character (Unicode 17, table 3-8). Owned by one thread.
 */
public final class Utf8Stream {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] waiting = {};

    /** The characters that are certain now. */
    public String append(byte[] bytes) {
        ByteBuffer input = joined(bytes);
        CharBuffer output = CharBuffer.allocate(input.remaining()); // never more characters than bytes
        decoder.decode(input, output, false);
        waiting = new byte[input.remaining()];
        input.get(waiting);
        return output.flip().toString();
    }

    /** What was waiting and will not be completed, as U+FFFD; the stream can be used anew. */
    public String finish() {
        CharBuffer output = CharBuffer.allocate(waiting.length + 1);
        decoder.decode(ByteBuffer.wrap(waiting), output, true);
        decoder.flush(output);
        decoder.reset();
        waiting = new byte[0];
        return output.flip().toString();
    }

    private ByteBuffer joined(byte[] bytes) {
        if (waiting.length == 0) {
            return ByteBuffer.wrap(bytes);
        }
        return ByteBuffer.allocate(waiting.length + bytes.length)
                .put(waiting)
                .put(bytes)
                .flip();
    }
}
