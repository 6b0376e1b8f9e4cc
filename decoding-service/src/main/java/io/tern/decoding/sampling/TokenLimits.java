package io.tern.decoding.sampling;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which tokens a caller wants and which words not, as vLLM has it.
 *
 * @param allowed only these; empty: all
 * @param banned words of at least one token, none of which is written out; at most 2,048
 */
public record TokenLimits(Set<Integer> allowed, List<List<Integer>> banned) {
    public static final TokenLimits NONE = new TokenLimits(Set.of(), List.of());
    private static final int MOST_BANNED = 2048;

    public TokenLimits {
        allowed = Set.copyOf(allowed);
        banned = banned.stream().map(List::copyOf).toList();
        require(
                banned.size() <= MOST_BANNED,
                "bad_words",
                banned.size() + " words of tokens",
                "at most " + MOST_BANNED);
        require(banned.stream().noneMatch(List::isEmpty), "bad_words", "a word without tokens", "a token at least");
    }

    /** For one sequence, in vLLM's order; none where nothing is limited. */
    public List<Constraint> open() {
        List<Constraint> constraints = new ArrayList<>();
        if (!allowed.isEmpty()) {
            constraints.add(new AllowedTokens(allowed));
        }
        if (!banned.isEmpty()) {
            constraints.add(new BannedWords(banned.stream()
                    .map(word -> word.stream().mapToInt(Integer::intValue).toArray())
                    .toList()));
        }
        return constraints;
    }

    /** @throws TernException INVALID_ARGUMENT if a token lies beyond the vocabulary */
    public void checkVocabulary(int size) {
        for (int token : allowed) {
            require(token >= 0 && token < size, "allowed_token_ids", token, "0.." + (size - 1));
        }
        for (List<Integer> word : banned) {
            for (int token : word) {
                require(token >= 0 && token < size, "bad_words", token, "tokens 0.." + (size - 1));
            }
        }
    }
}
