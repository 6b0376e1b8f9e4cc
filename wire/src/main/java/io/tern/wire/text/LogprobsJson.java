package io.tern.wire.text;

import io.tern.decoding.v1.Token;
import io.tern.decoding.v1.TokenLogprob;
import io.tern.wire.StrictJson;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Log probabilities in OpenAI's two shapes. */
final class LogprobsJson {
    private LogprobsJson() {}

    /** For chat: {@code {"content": [...], "refusal": null}}. */
    static ObjectNode chat(List<Token> tokens, TokenNames names) {
        ObjectNode node = StrictJson.newObject();
        ArrayNode content = node.putArray("content");
        tokens.forEach(token -> {
            byte[] bytes = TokenNames.bytes(token.getText(), token.getRaw());
            ObjectNode entry =
                    chatEntry(content, names.shown(token.getId(), token.getText()), bytes, token.getLogprob());
            ArrayNode top = entry.putArray("top_logprobs");
            token.getTopList()
                    .forEach(other -> chatEntry(
                            top,
                            names.shown(other.getId(), other.getText()),
                            TokenNames.bytes(other.getText(), other.getRaw()),
                            other.getLogprob()));
        });
        node.putNull("refusal");
        return node;
    }

    /**
     * For completions: four lists of one entry a token. A prompt's first token has no log probability: null. The token
     * itself is among the likeliest, of which there may so be one more than was asked for, as OpenAI has it.
     *
     * @param most of the likeliest tokens; those of a prompt may have been asked for in another number
     * @param places of the text that the tokens are in; they move on
     */
    static ObjectNode completion(List<Token> tokens, int most, TokenNames names, TextPlaces places) {
        ObjectNode node = StrictJson.newObject();
        ArrayNode texts = node.putArray("tokens");
        ArrayNode logprobs = node.putArray("token_logprobs");
        ArrayNode tops = node.putArray("top_logprobs");
        ArrayNode offsets = node.putArray("text_offset");
        for (Token token : tokens) {
            String name = names.unique(token.getId(), token.getText(), token.getRaw());
            texts.add(name);
            offsets.add(places.next(token));
            if (token.hasLogprob()) {
                logprobs.add(token.getLogprob());
                ObjectNode top = tops.addObject();
                token.getTopList().stream()
                        .limit(most)
                        .forEach(other -> top.put(
                                names.unique(other.getId(), other.getText(), other.getRaw()), other.getLogprob()));
                top.put(name, token.getLogprob());
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

    private static ObjectNode chatEntry(ArrayNode list, String name, byte[] bytes, double logprob) {
        ObjectNode entry = list.addObject().put("token", name).put("logprob", logprob);
        ArrayNode numbers = entry.putArray("bytes");
        for (byte b : bytes) {
            numbers.add(Byte.toUnsignedInt(b));
        }
        return entry;
    }
}
