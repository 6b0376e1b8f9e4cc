package io.tern.text;

import java.util.Comparator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tokens that are cut out of a text as they stand, wherever they stand: leftmost first, of those the longest. */
final class AddedTokens {
    private final Map<String, Integer> ids;
    private final Pattern any;

    AddedTokens(Map<String, Integer> ids) {
        this.ids = Map.copyOf(ids);
        // The longest stands first, since an alternation takes the first that fits. "(?!)" fits nothing.
        this.any = Pattern.compile(
                ids.isEmpty()
                        ? "(?!)"
                        : ids.keySet().stream()
                                .sorted(Comparator.comparingInt(String::length).reversed())
                                .map(Pattern::quote)
                                .collect(Collectors.joining("|")));
    }

    /** Calls {@code ordinary} for each non-empty piece between tokens and {@code added} for each token, in order. */
    void split(String text, Consumer<String> ordinary, IntConsumer added) {
        Matcher matcher = any.matcher(text);
        int from = 0;
        while (matcher.find()) {
            if (matcher.start() > from) {
                ordinary.accept(text.substring(from, matcher.start()));
            }
            added.accept(ids.getOrDefault(matcher.group(), -1));
            from = matcher.end();
        }
        if (from < text.length()) {
            ordinary.accept(text.substring(from));
        }
    }

    Map<String, Integer> ids() {
        return ids;
    }
}
