package io.tern.text.piece;

import io.tern.text.vocabulary.AddedToken;
import io.tern.text.vocabulary.AddedTokens;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Which added tokens are looked for where.
 *
 * @param raw in a text that is trusted as a whole, as it came
 * @param normalized in such a text once it is normalised
 * @param all in the trusted parts of another text
 * @param harmless in its other parts: what anybody may write
 * @param harmlessNormalized in the whole of it once it is normalised
 */
record AddedTexts(
        AddedTokens raw,
        AddedTokens normalized,
        AddedTokens all,
        AddedTokens harmless,
        AddedTokens harmlessNormalized) {
    /** @param normalizer what tokens that are looked for in normalised text go through as well */
    static AddedTexts of(List<AddedToken> tokens, UnaryOperator<String> normalizer) {
        List<AddedToken> raw =
                tokens.stream().filter(token -> !token.normalized()).toList();
        List<AddedToken> later = tokens.stream()
                .filter(AddedToken::normalized)
                .map(token -> token.withContent(normalizer.apply(token.content())))
                .toList();
        return new AddedTexts(
                new AddedTokens(raw), new AddedTokens(later), new AddedTokens(tokens), harmless(raw), harmless(later));
    }

    private static AddedTokens harmless(List<AddedToken> tokens) {
        return new AddedTokens(tokens.stream().filter(AddedToken::isHarmless).toList());
    }
}
