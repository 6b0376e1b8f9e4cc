package io.tern.text.preprocess;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Cuts a text into pieces as a tokenizer's model reads them: no token reaches over a border of pieces. */
@FunctionalInterface
public interface PreTokenizer {
    /** The whole text is one piece. */
    PreTokenizer NONE = (text, _, piece) -> piece.accept(text);

    /**
     * Calls {@code piece} for each piece, in order.
     *
     * @param first whether nothing stands before this text
     */
    void split(String text, boolean first, Consumer<String> piece);

    /** Each piece of this cut further. */
    default PreTokenizer then(PreTokenizer next) {
        return (text, first, piece) -> {
            List<String> pieces = new ArrayList<>();
            split(text, first, pieces::add);
            for (int i = 0; i < pieces.size(); i++) {
                next.split(pieces.get(i), first && i == 0, piece);
            }
        };
    }
}
