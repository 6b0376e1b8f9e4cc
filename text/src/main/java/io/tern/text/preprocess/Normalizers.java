package io.tern.text.preprocess;

import io.tern.text.vocabulary.Characters;
import java.text.Normalizer;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** The normalizers of a tokenizer.json. */
public final class Normalizers {
    private Normalizers() {}

    /** @throws IllegalArgumentException for one that is not built; the message names it */
    public static UnaryOperator<String> of(JsonNode node) {
        String type = node.path("type").asString("");
        return switch (type) {
            case "" -> text -> text;
            case "Sequence" -> sequence(node.path("normalizers"));
            case "NFC", "NFD", "NFKC", "NFKD" -> form(Normalizer.Form.valueOf(type));
            case "Lowercase" -> BertNormalizer::lower;
            case "StripAccents" -> Normalizers::withoutMarks;
            case "Prepend" -> prepend(node.path("prepend").asString(""));
            case "Replace" -> replace(node);
            case "Strip" ->
                strip(
                        node.path("strip_left").asBoolean(true),
                        node.path("strip_right").asBoolean(true));
            case "Precompiled" ->
                CharacterMap.of(node.path("precompiled_charsmap").asString(""));
            default ->
                throw new IllegalArgumentException("tokenizer file: normalizer: " + type
                        + " (expected: Sequence, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Prepend,"
                        + " Replace, Strip or Precompiled)");
        };
    }

    public static UnaryOperator<String> form(Normalizer.Form form) {
        return text -> Normalizer.normalize(text, form);
    }

    public static UnaryOperator<String> prepend(String prefix) {
        return text -> text.isEmpty() ? text : prefix + text;
    }

    private static UnaryOperator<String> sequence(JsonNode parts) {
        UnaryOperator<String> whole = text -> text;
        for (JsonNode part : parts) {
            UnaryOperator<String> before = whole;
            UnaryOperator<String> next = of(part);
            whole = text -> next.apply(before.apply(text));
        }
        return whole;
    }

    private static UnaryOperator<String> replace(JsonNode node) {
        String content = node.path("content").asString("");
        String literal = node.path("pattern").path("String").asString("");
        if (!literal.isEmpty()) {
            return text -> text.replace(literal, content);
        }
        SplitPattern pattern = PreTokenizers.pattern(node.path("pattern"));
        return text -> {
            StringBuilder replaced = new StringBuilder(text.length());
            for (SplitPattern.Span span : pattern.spans(text)) {
                replaced.append(span.matches() ? content : text.substring(span.begin(), span.end()));
            }
            return replaced.toString();
        };
    }

    private static UnaryOperator<String> strip(boolean left, boolean right) {
        return text -> {
            int begin = 0;
            int end = text.length();
            while (left && begin < end && Characters.isWhitespace(text.charAt(begin))) {
                begin++;
            }
            while (right && end > begin && Characters.isWhitespace(text.charAt(end - 1))) {
                end--;
            }
            return text.substring(begin, end);
        };
    }

    private static String withoutMarks(String text) {
        return text.codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
