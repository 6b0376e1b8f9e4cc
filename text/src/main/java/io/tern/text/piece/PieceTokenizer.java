package io.tern.text.piece;

import io.tern.text.MarkedText;
import io.tern.text.Tokenizer;
import io.tern.text.preprocess.PreTokenizer;
import io.tern.text.vocabulary.AddedTokens;
import io.tern.text.vocabulary.TokenizerFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The tokenizers of language models: a text is cut at added tokens, what lies between is normalised and cut into pieces,
 * and a model turns each piece into tokens. Byte-level BPE (Radford et al. 2019), SentencePiece's BPE and its unigram
 * model (Kudo and Richardson 2018) are all of this kind.
 */
public final class PieceTokenizer implements Tokenizer {
    private final AddedTexts added;
    private final UnaryOperator<String> normalizer;
    private final PreTokenizer preTokenizer;
    private final PieceModel model;
    private final TokenTexts texts;
    private final int[] beginning;

    PieceTokenizer(
            AddedTexts added,
            UnaryOperator<String> normalizer,
            PreTokenizer preTokenizer,
            PieceModel model,
            TokenTexts texts,
            int[] beginning) {
        this.added = added;
        this.normalizer = normalizer;
        this.preTokenizer = preTokenizer;
        this.model = model;
        this.texts = texts;
        this.beginning = beginning.clone();
    }

    /**
     * From a tokenizer.json.
     *
     * @throws IllegalArgumentException if the file asks for anything that is not built here; the message names it
     */
    public static PieceTokenizer load(Path tokenizerJson) throws IOException {
        return PieceFile.read(TokenizerFile.read(tokenizerJson));
    }

    @Override
    public int[] encode(MarkedText text) {
        Encoding encoding = new Encoding(text.parts().stream().allMatch(MarkedText.Part::trusted));
        for (MarkedText.Part part : text.parts()) {
            encoding.add(part);
        }
        encoding.finishOrdinary();
        return encoding.ids.build().toArray();
    }

    @Override
    public int[] beginning() {
        return beginning.clone();
    }

    @Override
    public byte[] bytes(int id) {
        return texts.bytes()[texts.requireId(id)].clone();
    }

    @Override
    public boolean isControl(int id) {
        return texts.control()[texts.requireId(id)];
    }

    @Override
    public int vocabularySize() {
        return texts.bytes().length;
    }

    @Override
    public String decode(int[] ids) {
        return texts.whole(ids);
    }

    /** One text on its way. Owned by one thread. */
    private final class Encoding {
        private final IntStream.Builder ids = IntStream.builder();
        private final PieceModel.Encoder encoder = model.encoder();
        // A piece may reach over the border of two parts, so that ids are those of the whole text.
        private final StringBuilder ordinary = new StringBuilder();
        private final boolean trusted;
        private boolean first = true;

        Encoding(boolean trusted) {
            this.trusted = trusted;
        }

        void add(MarkedText.Part part) {
            AddedTokens tokens = trusted ? added.raw() : part.trusted() ? added.all() : added.harmless();
            tokens.split(part.text(), ordinary::append, this::addToken);
        }

        private void addToken(int id) {
            finishOrdinary();
            ids.accept(id);
            first = false;
        }

        /** Encodes and forgets what was held. */
        void finishOrdinary() {
            if (ordinary.isEmpty()) {
                return;
            }
            String normal = normalizer.apply(wellFormed(ordinary.toString()));
            AddedTokens tokens = trusted ? added.normalized() : added.harmlessNormalized();
            tokens.split(normal, this::encodePieces, id -> {
                ids.accept(id);
                first = false;
            });
            ordinary.setLength(0);
        }

        private void encodePieces(String text) {
            IntConsumer tokens = ids;
            preTokenizer.split(text, first, piece -> encoder.encode(piece, tokens));
            first = false;
        }
    }

    /** Halves of surrogate pairs are no characters. */
    private static String wellFormed(String text) {
        boolean broken = text.codePoints().anyMatch(PieceTokenizer::isSurrogate);
        return broken
                ? text.codePoints()
                        .map(c -> isSurrogate(c) ? 0xfffd : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : text;
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
