package io.tern.text.vocabulary;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tokens that are cut out of a text as they stand, wherever they stand: leftmost first, of those the longest. */
public final class AddedTokens {
    private final Map<String, AddedToken> tokens;
    private final Pattern any;

    public AddedTokens(List<AddedToken> tokens) {
        this.tokens = tokens.stream()
                .collect(Collectors.toMap(AddedToken::content, Function.identity(), (first, _) -> first));
        // The longest stands first, since an alternation takes the first that fits. "(?!)" fits nothing.
        this.any = Pattern.compile(
                tokens.isEmpty()
                        ? "(?!)"
                        : this.tokens.keySet().stream()
                                .sorted(Comparator.comparingInt(String::length).reversed())
                                .map(Pattern::quote)
                                .collect(Collectors.joining("|")));
    }

    public AddedTokens(Map<String, Integer> ids) {
        this(ids.entrySet().stream()
                .map(entry -> AddedToken.plain(entry.getKey(), entry.getValue()))
                .toList());
    }

    /** Calls {@code ordinary} for each non-empty piece between tokens and {@code added} for each token, in order. */
    public void split(String text, Consumer<String> ordinary, IntConsumer added) {
        Matcher matcher = any.matcher(text);
        int from = 0;
        while (matcher.find()) {
            AddedToken token = tokens.get(matcher.group());
            if (token == null || matcher.start() < from || !token.fits(text, matcher.start(), matcher.end())) {
                continue;
            }
            int begin = token.begin(text, from, matcher.start());
            if (begin > from) {
                ordinary.accept(text.substring(from, begin));
            }
            added.accept(token.id());
            from = token.end(text, matcher.end());
        }
        if (from < text.length()) {
            ordinary.accept(text.substring(from));
        }
    }

    boolean isEmpty() {
        return tokens.isEmpty();
    }
}
