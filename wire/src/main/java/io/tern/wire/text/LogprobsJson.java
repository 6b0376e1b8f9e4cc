package io.tern.wire.text;

import com.google.protobuf.ByteString;
import io.tern.decoding.v1.Token;
import io.tern.decoding.v1.TokenLogprob;
import io.tern.wire.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Log probabilities in OpenAI's two shapes. */
final class LogprobsJson {
    private LogprobsJson() {}

    /** For chat: {@code {"content": [...], "refusal": null}}. */
    static ObjectNode chat(List<Token> tokens) {
        ObjectNode node = StrictJson.newObject();
        ArrayNode content = node.putArray("content");
        tokens.forEach(token -> {
            ObjectNode entry = chatEntry(content, token.getText(), token.getRaw(), token.getLogprob());
            ArrayNode top = entry.putArray("top_logprobs");
            token.getTopList().forEach(other -> chatEntry(top, other.getText(), other.getRaw(), other.getLogprob()));
        });
        node.putNull("refusal");
        return node;
    }

    /**
     * For completions: four lists of one entry a token. A prompt's first token has no log probability: null. The token
     * itself is among the likeliest, of which there may so be one more than was asked for, as OpenAI has it.
     *
     * @param most of the likeliest tokens; those of a prompt may have been asked for in another number
     * @param offset where the first token's text begins, in code points
     */
    static ObjectNode completion(List<Token> tokens, int most, int offset) {
        ObjectNode node = StrictJson.newObject();
        ArrayNode texts = node.putArray("tokens");
        ArrayNode logprobs = node.putArray("token_logprobs");
        ArrayNode tops = node.putArray("top_logprobs");
        ArrayNode offsets = node.putArray("text_offset");
        int place = offset;
        for (Token token : tokens) {
            texts.add(name(token.getText(), token.getRaw()));
            offsets.add(place);
            place += length(token.getText());
            if (token.hasLogprob()) {
                logprobs.add(token.getLogprob());
                ObjectNode top = tops.addObject();
                token.getTopList().stream()
                        .limit(most)
                        .forEach(other -> top.put(name(other.getText(), other.getRaw()), other.getLogprob()));
                top.put(name(token.getText(), token.getRaw()), token.getLogprob());
            } else {
                logprobs.addNull();
                tops.addNull();
            }
        }
        return node;
    }

    /**
     * For prompts, as vLLM has it: of each token by id the token itself and the likeliest ones; null of the first.
     *
     * @param most of the likeliest ones; an echo may have asked for more
     */
    static ArrayNode prompt(List<Token> tokens, int most) {
        ArrayNode list = StrictJson.newArray();
        for (Token token : tokens) {
            if (!token.hasLogprob()) {
                list.addNull();
                continue;
            }
            ObjectNode entry = list.addObject();
            putRanked(entry, token.getId(), token.getLogprob(), token.getRank(), token.getText());
            int rank = 0;
            for (TokenLogprob top : token.getTopList().subList(0, Math.min(most, token.getTopCount()))) {
                putRanked(entry, top.getId(), top.getLogprob(), ++rank, top.getText());
            }
        }
        return list;
    }

    private static void putRanked(ObjectNode entry, int id, double logprob, int rank, String text) {
        entry.putObject(Integer.toString(id))
                .put("logprob", logprob)
                .put("rank", rank)
                .put("decoded_token", text);
    }

    /** Length of the tokens' texts, in code points. */
    static int length(List<Token> tokens) {
        return tokens.stream().mapToInt(token -> length(token.getText())).sum();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static ObjectNode chatEntry(ArrayNode list, String text, ByteString raw, double logprob) {
        ObjectNode entry = list.addObject().put("token", text).put("logprob", logprob);
        ArrayNode bytes = entry.putArray("bytes");
        for (byte b : raw.isEmpty() ? text.getBytes(StandardCharsets.UTF_8) : raw.toByteArray()) {
            bytes.add(Byte.toUnsignedInt(b));
        }
        return entry;
    }

    /** Its text, or its bytes as OpenAI writes those that are no text: else two such tokens would have one name. */
    private static String name(String text, ByteString raw) {
        if (raw.isEmpty()) {
            return text;
        }
        StringBuilder name = new StringBuilder("bytes:");
        for (byte b : raw.toByteArray()) {
            name.append("\\x").append(HexFormat.of().toHexDigits(b));
        }
        return name.toString();
    }
}
