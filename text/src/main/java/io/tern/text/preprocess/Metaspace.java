package io.tern.text.preprocess;

import java.util.Locale;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * SentencePiece's white space: a space is written as another character, one may be put in front, and pieces may be cut
 * before each.
 */
public record Metaspace(String replacement, Front front, boolean cuts) implements PreTokenizer {
    private static final String LOWER_BLOCK = "▁";

    /** Where a space is put that is not there. */
    public enum Front {
        ALWAYS,
        FIRST,
        NEVER
    }

    /** @throws IllegalArgumentException for a setting that is not known */
    public static Metaspace of(JsonNode node) {
        String scheme = node.path("prepend_scheme")
                .asString(node.path("add_prefix_space").asBoolean(true) ? "always" : "never");
        Front front = switch (scheme) {
            case "always" -> Front.ALWAYS;
            case "first" -> Front.FIRST;
            case "never" -> Front.NEVER;
            default ->
                throw new IllegalArgumentException("tokenizer file: prepend_scheme: " + scheme.toLowerCase(Locale.ROOT)
                        + " (expected: always, first or never)");
        };
        return new Metaspace(
                node.path("replacement").asString(LOWER_BLOCK),
                front,
                node.path("split").asBoolean(true));
    }

    @Override
    public void split(String text, boolean first, Consumer<String> piece) {
        String written = text.replace(" ", replacement);
        boolean put = front == Front.ALWAYS || (front == Front.FIRST && first);
        if (put && !written.startsWith(replacement)) {
            written = replacement + written;
        }
        if (cuts) {
            SplitBehavior.MERGED_WITH_NEXT.cut(
                    written, SplitPattern.literal(replacement).spans(written), piece);
        } else {
            piece.accept(written);
        }
    }
}
