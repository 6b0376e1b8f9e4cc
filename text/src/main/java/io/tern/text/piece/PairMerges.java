package io.tern.text.piece;

import io.tern.text.vocabulary.Merge;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Byte-pair encoding (Sennrich et al. 2016): the characters of a piece are merged pair by pair in the order in which the
 * merges were learnt. A character that the vocabulary lacks becomes its bytes, or the unknown token, or nothing.
 */
final class PairMerges implements PieceModel {
    private final int[] idOfCharacter = new int[1 << Character.SIZE];
    private final Map<String, Integer> idOfLargeCharacter = new HashMap<>();
    private final PairTable pairs;
    private final Unknown unknown;
    /** Pieces that are tokens as they are, whatever the merges say; empty where merges alone decide. */
    private final Map<String, Integer> wholePieces;

    private PairMerges(
            Map<String, Integer> vocabulary, PairTable pairs, Unknown unknown, Map<String, Integer> wholePieces) {
        this.pairs = pairs;
        this.unknown = unknown;
        this.wholePieces = wholePieces;
        Arrays.fill(idOfCharacter, -1);
        vocabulary.forEach((token, id) -> {
            if (token.length() == 1) {
                idOfCharacter[token.charAt(0)] = id;
            } else if (token.length() == 2 && token.codePointCount(0, 2) == 1) {
                idOfLargeCharacter.put(token, id);
            }
        });
    }

    /**
     * What becomes of a character that has no token.
     *
     * @param id of the unknown token; -1: the character is left out
     * @param fused whether several such characters in a row are one unknown token
     */
    record Unknown(ByteFallback bytes, int id, boolean fused) {
        static final Unknown LEFT_OUT = new Unknown(ByteFallback.NONE, -1, false);
    }

    /**
     * @param merges the first learnt first
     * @param wholePieces whether a piece that is a token is taken whole before any merging
     * @throws IllegalArgumentException if a merge makes no token
     */
    static PairMerges learnt(
            Map<String, Integer> vocabulary, List<Merge> merges, Unknown unknown, boolean wholePieces) {
        PairTable pairs = new PairTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            String left = merges.get(rank).left();
            String right = merges.get(rank).right();
            pairs.put(idOf(vocabulary, left), idOf(vocabulary, right), rank, idOf(vocabulary, left + right));
        }
        return new PairMerges(vocabulary, pairs, unknown, wholePieces ? Map.copyOf(vocabulary) : Map.of());
    }

    /**
     * As SentencePiece keeps them: any two tokens that make a third merge, that of the highest score first.
     *
     * @param tokens in the order of their ids
     * @param merges whether a token, by its id, takes part
     */
    static PairMerges scored(List<String> tokens, float[] scores, IntPredicate merges, Unknown unknown) {
        Map<String, Integer> vocabulary = HashMap.newHashMap(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            if (merges.test(id)) {
                vocabulary.putIfAbsent(tokens.get(id), id);
            }
        }
        int[] best = vocabulary.values().stream()
                .sorted(Comparator.comparingDouble((Integer id) -> -scores[id]))
                .mapToInt(Integer::intValue)
                .toArray();
        PairTable pairs = new PairTable(
                IntStream.of(best).map(id -> splits(tokens.get(id)).length).reduce(0, Math::addExact));
        int rank = 0;
        for (int i = 0; i < best.length; i++) {
            rank += i > 0 && scores[best[i]] != scores[best[i - 1]] ? 1 : 0; // of equal scores the leftmost is first
            String token = tokens.get(best[i]);
            for (int at : splits(token)) {
                int left = vocabulary.getOrDefault(token.substring(0, at), -1);
                int right = vocabulary.getOrDefault(token.substring(at), -1);
                if (left >= 0 && right >= 0) {
                    pairs.put(left, right, rank, best[i]);
                }
            }
        }
        return new PairMerges(vocabulary, pairs, unknown, Map.of());
    }

    /** Where a token can be cut between characters. */
    private static int[] splits(String token) {
        return IntStream.range(1, token.length())
                .filter(at -> !Character.isLowSurrogate(token.charAt(at)))
                .toArray();
    }

    private static int idOf(Map<String, Integer> vocabulary, String token) {
        int id = vocabulary.getOrDefault(token, -1);
        if (id < 0) {
            throw new IllegalArgumentException("token: " + token + " (expected: one of the vocabulary)");
        }
        return id;
    }

    @Override
    public Encoder encoder() {
        MergeWork work = new MergeWork(pairs);
        return (piece, ids) -> encode(piece, work, ids);
    }

    private void encode(String piece, MergeWork work, IntConsumer ids) {
        int whole = wholePieces.isEmpty() ? -1 : wholePieces.getOrDefault(piece, -1);
        if (whole >= 0) {
            ids.accept(whole);
            return;
        }
        boolean afterUnknown = false;
        for (int i = 0; i < piece.length(); ) {
            int length = Character.charCount(piece.codePointAt(i));
            int id = length == 1
                    ? idOfCharacter[piece.charAt(i)]
                    : idOfLargeCharacter.getOrDefault(piece.substring(i, i + length), -1);
            if (id >= 0) {
                work.add(id);
                afterUnknown = false;
            } else if (!unknown.bytes.encode(piece.substring(i, i + length), work::add)) {
                if (unknown.id >= 0 && !(unknown.fused && afterUnknown)) {
                    work.add(unknown.id);
                }
                afterUnknown = true;
            }
            i += length;
        }
        work.finish(ids);
    }
}
