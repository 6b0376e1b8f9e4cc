package io.tern.wire.text;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What log probabilities call a token. One without a text, as all of a model without a tokenizer, has its id alone. */
public enum TokenNames {
    BY_TEXT,
    /** vLLM's {@code return_tokens_as_token_ids}: {@code token_id:123}. */
    BY_ID;

    /** For people: bytes that are no text are U+FFFD. */
    String shown(int id, String text) {
        return this == BY_ID || text.isEmpty() ? "token_id:" + id : text;
    }

    /** Its bytes as OpenAI writes them where they are no text: else two such tokens would have one name. */
    String unique(int id, String text, ByteString raw) {
        if (this == BY_ID || raw.isEmpty()) {
            return shown(id, text);
        }
        StringBuilder name = new StringBuilder("bytes:");
        for (byte b : raw.toByteArray()) {
            name.append("\\x").append(HexFormat.of().toHexDigits(b));
        }
        return name.toString();
    }

    /** A token's own, which {@code raw} has where they are no text. */
    static byte[] bytes(String text, ByteString raw) {
        return raw.isEmpty() ? text.getBytes(StandardCharsets.UTF_8) : raw.toByteArray();
    }
}
