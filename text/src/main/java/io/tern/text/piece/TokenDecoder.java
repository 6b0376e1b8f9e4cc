package io.tern.text.piece;

import io.tern.text.preprocess.Metaspace;
import io.tern.text.vocabulary.ByteAlphabet;
import io.tern.text.vocabulary.TokenizerFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * How tokens are written as bytes: what a tokenizer.json calls its decoder.
 *
 * @param byteLevel whether characters stand for bytes
 * @param byteFallback whether {@code <0x0A>} stands for one
 * @param change of a token's text before
 * @param leadingSpaces as of {@link TokenTexts}
 * @param bareFirst as of {@link TokenTexts}
 */
record TokenDecoder(
        boolean byteLevel, boolean byteFallback, UnaryOperator<String> change, int leadingSpaces, boolean bareFirst) {
    static final TokenDecoder BYTE_LEVEL = new TokenDecoder(true, false, UnaryOperator.identity(), 0, false);

    /** SentencePiece's. */
    static TokenDecoder metaspace(int leadingSpaces) {
        return new TokenDecoder(false, true, text -> text.replace("▁", " "), leadingSpaces, false);
    }

    /** @throws IllegalArgumentException for one that is not built; the message names it */
    static TokenDecoder of(JsonNode node) {
        TokenDecoder decoder = new TokenDecoder(false, false, UnaryOperator.identity(), 0, false);
        List<JsonNode> steps = new ArrayList<>();
        if (node.path("type").asString("").equals("Sequence")) {
            node.path("decoders").forEach(steps::add);
        } else if (node.isObject()) {
            steps.add(node);
        }
        boolean fused = false;
        for (JsonNode step : steps) {
            String type = step.path("type").asString("");
            fused |= type.equals("Fuse");
            TokenizerFile.require(!type.equals("Strip") || fused, "decoder", "Strip before Fuse", "Strip after Fuse");
            TokenizerFile.require(
                    !fused || type.equals("Fuse") || type.equals("Strip"), "decoder", type + " after Fuse", "Strip");
            decoder = decoder.then(type, step);
        }
        return decoder;
    }

    private TokenDecoder then(String type, JsonNode step) {
        return switch (type) {
            case "ByteLevel" -> new TokenDecoder(true, byteFallback, change, leadingSpaces, bareFirst);
            case "ByteFallback" -> new TokenDecoder(byteLevel, true, change, leadingSpaces, bareFirst);
            case "Fuse" -> this;
            case "Strip" -> strip(step);
            case "Replace" -> {
                String old = step.path("pattern").path("String").asString("");
                TokenizerFile.require(!old.isEmpty(), "decoder/pattern", step.path("pattern"), "a text");
                String content = step.path("content").asString("");
                yield changed(text -> text.replace(old, content), bareFirst);
            }
            case "Metaspace" -> {
                Metaspace metaspace = Metaspace.of(step);
                yield changed(
                        text -> text.replace(metaspace.replacement(), " "), metaspace.front() != Metaspace.Front.NEVER);
            }
            default ->
                throw new IllegalArgumentException("tokenizer file: decoder: " + type
                        + " (expected: Sequence, ByteLevel, ByteFallback, Fuse, Strip, Replace or Metaspace)");
        };
    }

    private TokenDecoder changed(UnaryOperator<String> next, boolean bare) {
        UnaryOperator<String> before = change;
        return new TokenDecoder(byteLevel, byteFallback, text -> next.apply(before.apply(text)), leadingSpaces, bare);
    }

    private TokenDecoder strip(JsonNode step) {
        TokenizerFile.require(
                step.path("content").asString("").equals(" "), "decoder/content", step.path("content"), "a space");
        TokenizerFile.require(step.path("stop").asInt(0) == 0, "decoder/stop", step.path("stop"), "0");
        return new TokenDecoder(
                byteLevel, byteFallback, change, step.path("start").asInt(0), bareFirst);
    }

    byte[] bytes(String token) {
        int value = byteFallback ? ByteFallback.value(token) : -1;
        if (value >= 0) {
            return new byte[] {(byte) value};
        }
        return byteLevel && ByteAlphabet.covers(token)
                ? ByteAlphabet.bytes(token)
                : change.apply(token).getBytes(StandardCharsets.UTF_8);
    }

    /** Of an added token, whose characters stand for themselves. */
    byte[] addedBytes(String token) {
        return byteLevel ? token.getBytes(StandardCharsets.UTF_8) : bytes(token);
    }
}
