package io.tern.wire;

import io.tern.decoding.v1.Token;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Log probabilities in OpenAI's two shapes. */
final class LogprobsJson {
    /** What a token's text has in place of bytes that are no whole character. */
    private static final char REPLACEMENT = '\uFFFD';

    private LogprobsJson() {}

    /** For chat: {@code {"content": [...], "refusal": null}}. */
    static ObjectNode chat(List<Token> tokens) {
        ObjectNode node = StrictJson.newObject();
        ArrayNode content = node.putArray("content");
        tokens.forEach(token -> {
            ObjectNode entry = chatEntry(content, token.getText(), token.getLogprob());
            ArrayNode top = entry.putArray("top_logprobs");
            token.getTopList().forEach(other -> chatEntry(top, other.getText(), other.getLogprob()));
        });
        node.putNull("refusal");
        return node;
    }

    /**
     * For completions: four lists of one entry a token. A prompt's first token has no log probability: null.
     *
     * @param offset where the first token's text begins, in code points
     */
    static ObjectNode completion(List<Token> tokens, int offset) {
        ObjectNode node = StrictJson.newObject();
        ArrayNode texts = node.putArray("tokens");
        ArrayNode logprobs = node.putArray("token_logprobs");
        ArrayNode tops = node.putArray("top_logprobs");
        ArrayNode offsets = node.putArray("text_offset");
        int place = offset;
        for (Token token : tokens) {
            texts.add(token.getText());
            offsets.add(place);
            place += length(token.getText());
            if (token.hasLogprob()) {
                logprobs.add(token.getLogprob());
                ObjectNode top = tops.addObject();
                token.getTopList().forEach(other -> top.put(other.getText(), other.getLogprob()));
            } else {
                logprobs.addNull();
                tops.addNull();
            }
        }
        return node;
    }

    /** Length of the tokens' texts, in code points. */
    static int length(List<Token> tokens) {
        return tokens.stream().mapToInt(token -> length(token.getText())).sum();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static ObjectNode chatEntry(ArrayNode list, String text, double logprob) {
        ObjectNode entry = list.addObject().put("token", text).put("logprob", logprob);
        if (text.indexOf(REPLACEMENT) >= 0) {
            return entry.putNull("bytes");
        }
        ArrayNode bytes = entry.putArray("bytes");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(Byte.toUnsignedInt(b));
        }
        return entry;
    }
}
