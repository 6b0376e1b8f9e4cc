package io.tern.text.piece;

import io.tern.text.preprocess.Normalizers;
import io.tern.text.preprocess.PreTokenization;
import io.tern.text.preprocess.PreTokenizer;
import io.tern.text.vocabulary.AddedToken;
import io.tern.text.vocabulary.Merge;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A vocabulary as a GGUF file lists it, of which tokenizers are made.
 *
 * @param tokens in the order of their ids
 * @param kinds by id
 * @param beginning ids that stand before a whole text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PieceVocabulary(List<String> tokens, List<Kind> kinds, int[] beginning) {
    private static final String SPACE = "▁";

    /** What a token is. */
    public enum Kind {
        NORMAL,
        UNKNOWN,
        /** Steers the model. */
        CONTROL,
        /** Cut out of a text like a control token, and text all the same. */
        ADDED,
        /** A place that nobody has filled. */
        UNUSED,
        /** A byte of a character that has no token. */
        BYTE
    }

    public PieceVocabulary {
        tokens = List.copyOf(tokens);
        kinds = List.copyOf(kinds);
        if (tokens.isEmpty() || tokens.size() != kinds.size()) {
            throw new IllegalArgumentException("vocabulary: " + tokens.size() + " tokens, " + kinds.size()
                    + " kinds (expected: at least one token, and a kind for each)");
        }
    }

    /**
     * Byte-level BPE.
     *
     * @param merges {@code "left right"}, the first learnt first, bytes as printable characters
     * @param wholePieces whether a piece that is a token is taken whole before any merging
     * @throws IllegalArgumentException if they do not belong together
     */
    public PieceTokenizer bytePairs(List<String> merges, PreTokenization preTokenization, boolean wholePieces) {
        UnaryOperator<String> normalizer = preTokenization == PreTokenization.QWEN2
                ? Normalizers.form(Normalizer.Form.NFC)
                : UnaryOperator.identity();
        List<Merge> learnt = merges.stream().map(Merge::of).toList();
        PairMerges model = PairMerges.learnt(ids(), learnt, PairMerges.Unknown.LEFT_OUT, wholePieces);
        return tokenizer(normalizer, preTokenization, model, TokenDecoder.BYTE_LEVEL);
    }

    /**
     * SentencePiece's BPE: spaces are written as ▁, and any two tokens that make a third merge, by its score.
     *
     * @param scores by id
     * @param spaceInFront whether a space is put in front of what stands between added tokens
     */
    public PieceTokenizer scoredPairs(float[] scores, boolean spaceInFront) {
        if (scores.length != tokens.size()) {
            throw new IllegalArgumentException(
                    "scores: " + scores.length + " (expected: " + tokens.size() + ", one for each token)");
        }
        ByteFallback bytes = kinds.contains(Kind.BYTE) ? new ByteFallback(ids()) : ByteFallback.NONE;
        PairMerges.Unknown unknown = new PairMerges.Unknown(bytes, kinds.indexOf(Kind.UNKNOWN), false);
        PairMerges model = PairMerges.scored(tokens, scores, id -> kinds.get(id) == Kind.NORMAL, unknown);
        UnaryOperator<String> prefixed = spaceInFront ? Normalizers.prepend(SPACE) : UnaryOperator.identity();
        return tokenizer(
                text -> prefixed.apply(text).replace(" ", SPACE),
                PreTokenizer.NONE,
                model,
                TokenDecoder.metaspace(spaceInFront ? 1 : 0));
    }

    private Map<String, Integer> ids() {
        Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            ids.putIfAbsent(tokens.get(id), id);
        }
        return ids;
    }

    private PieceTokenizer tokenizer(
            UnaryOperator<String> normalizer, PreTokenizer preTokenizer, PieceModel model, TokenDecoder decoder) {
        byte[][] bytes = new byte[tokens.size()][];
        boolean[] control = new boolean[tokens.size()];
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < bytes.length; id++) {
            String token = tokens.get(id);
            Kind kind = kinds.get(id);
            control[id] = kind == Kind.CONTROL;
            if (kind == Kind.CONTROL || kind == Kind.ADDED) {
                // Spaces of a token that is cut out of a text as it came are spaces.
                String content = kind == Kind.ADDED && !decoder.byteLevel() ? token.replace(SPACE, " ") : token;
                added.add(control[id] ? AddedToken.plain(content, id) : AddedToken.text(content, id));
                bytes[id] = decoder.addedBytes(content);
            } else {
                bytes[id] = decoder.bytes(token);
            }
        }
        TokenTexts texts = new TokenTexts(bytes, control, decoder.leadingSpaces(), decoder.bareFirst());
        added.removeIf(token -> token.content().isEmpty());
        return new PieceTokenizer(AddedTexts.of(added, normalizer), normalizer, preTokenizer, model, texts, beginning);
    }
}
