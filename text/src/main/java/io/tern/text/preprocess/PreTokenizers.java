package io.tern.text.preprocess;

import io.tern.text.vocabulary.ByteAlphabet;
import io.tern.text.vocabulary.Characters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import tools.jackson.databind.JsonNode;

/** The pre-tokenizers of a tokenizer.json. */
public final class PreTokenizers {
    private static final String WORDS = "\\w+|[^\\w\\s]+";
    static final String QWEN2 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
            + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    static final String LLAMA3 = QWEN2.replace("\\p{N}|", "\\p{N}{1,3}|");

    private PreTokenizers() {}

    /** @throws IllegalArgumentException for one that is not built; the message names it */
    public static PreTokenizer of(JsonNode node) {
        String type = node.path("type").asString("");
        return switch (type) {
            case "" -> PreTokenizer.NONE;
            case "Sequence" -> sequence(node.path("pretokenizers"));
            case "ByteLevel" -> byteLevel(node);
            case "Metaspace" -> Metaspace.of(node);
            case "Split" -> split(node);
            case "Digits" ->
                runs(
                        Characters::isNumber,
                        node.path("individual_digits").asBoolean(false)
                                ? SplitBehavior.ISOLATED
                                : SplitBehavior.CONTIGUOUS);
            case "Punctuation" ->
                runs(
                        Characters::isPunctuation,
                        SplitBehavior.named("behavior", node.path("behavior").asString("Isolated")));
            case "WhitespaceSplit" -> runs(Characters::isWhitespace, SplitBehavior.REMOVED);
            case "Whitespace" -> words();
            case "CharDelimiterSplit" ->
                split(SplitPattern.literal(node.path("delimiter").asString("")), SplitBehavior.REMOVED);
            default ->
                throw new IllegalArgumentException("tokenizer file: pre_tokenizer: " + type
                        + " (expected: Sequence, ByteLevel, Metaspace, Split, Digits, Punctuation, Whitespace,"
                        + " WhitespaceSplit or CharDelimiterSplit)");
        };
    }

    private static PreTokenizer sequence(JsonNode parts) {
        PreTokenizer whole = PreTokenizer.NONE;
        for (JsonNode part : parts) {
            whole = whole.then(of(part));
        }
        return whole;
    }

    /** Bytes as the characters that stand for them in a vocabulary. */
    private static PreTokenizer byteLevel(JsonNode node) {
        boolean cuts = node.path("use_regex").asBoolean(true);
        boolean prefixed = node.path("add_prefix_space").asBoolean(true);
        return (text, _, piece) -> {
            String written = prefixed && !text.startsWith(" ") ? " " + text : text;
            if (cuts) {
                Gpt2Pattern.split(written, part -> piece.accept(byteCharacters(part)));
            } else {
                piece.accept(byteCharacters(written));
            }
        };
    }

    static String byteCharacters(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder characters = new StringBuilder(bytes.length);
        for (byte value : bytes) {
            characters.append(ByteAlphabet.character(Byte.toUnsignedInt(value)));
        }
        return characters.toString();
    }

    private static PreTokenizer split(JsonNode node) {
        SplitBehavior behavior =
                SplitBehavior.named("behavior", node.path("behavior").asString(""));
        boolean inverted = node.path("invert").asBoolean(false);
        String regex = node.path("pattern").path("Regex").asString("");
        boolean isolated = behavior == SplitBehavior.ISOLATED && !inverted;
        if (isolated && (regex.equals(LLAMA3) || regex.equals(QWEN2))) {
            Llama3Pattern pattern = new Llama3Pattern(regex.equals(LLAMA3) ? 3 : 1);
            return (text, _, piece) -> pattern.split(text, piece);
        }
        SplitPattern pattern = pattern(node.path("pattern"));
        return (text, _, piece) -> behavior.cut(text, inverted(pattern.spans(text), inverted), piece);
    }

    /** A text or a regular expression. */
    static SplitPattern pattern(JsonNode node) {
        String literal = node.path("String").asString("");
        return literal.isEmpty()
                ? SplitPattern.regex(node.path("Regex").asString("(?!)"))
                : SplitPattern.literal(literal);
    }

    private static PreTokenizer split(SplitPattern pattern, SplitBehavior behavior) {
        return (text, _, piece) -> behavior.cut(text, pattern.spans(text), piece);
    }

    private static PreTokenizer words() {
        SplitPattern pattern = SplitPattern.regex(WORDS);
        return (text, _, piece) -> SplitBehavior.REMOVED.cut(text, inverted(pattern.spans(text), true), piece);
    }

    private static List<SplitPattern.Span> inverted(List<SplitPattern.Span> spans, boolean inverted) {
        return inverted
                ? spans.stream()
                        .map(span -> new SplitPattern.Span(span.begin(), span.end(), !span.matches()))
                        .toList()
                : spans;
    }

    /** Each character of a class is a match. */
    private static PreTokenizer runs(IntPredicate belongs, SplitBehavior behavior) {
        return (text, _, piece) -> behavior.cut(text, spans(text, belongs), piece);
    }

    private static List<SplitPattern.Span> spans(String text, IntPredicate belongs) {
        List<SplitPattern.Span> spans = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); ) {
            int end = i + Character.charCount(text.codePointAt(i));
            if (belongs.test(text.codePointAt(i))) {
                if (i > from) {
                    spans.add(new SplitPattern.Span(from, i, false));
                }
                spans.add(new SplitPattern.Span(i, end, true));
                from = end;
            }
            i = end;
        }
        if (from < text.length()) {
            spans.add(new SplitPattern.Span(from, text.length(), false));
        }
        return spans;
    }
}
