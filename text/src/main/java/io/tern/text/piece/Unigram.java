package io.tern.text.piece;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * A unigram language model of tokens (Kudo 2018, §3.2): a piece is cut so that the sum of its tokens' scores, their log
 * probabilities, is highest.
 */
final class Unigram implements PieceModel {
    /** Below the least likely token by this: a character that no token has. */
    private static final double UNKNOWN_PENALTY = 10;

    private final Map<String, Integer> ids;
    private final double[] scores;
    private final int unknown;
    private final double unknownScore;
    private final int longest;
    private final ByteFallback bytes;

    /**
     * @param tokens in the order of their ids
     * @param unknown id of the unknown token
     */
    Unigram(List<String> tokens, double[] scores, int unknown, ByteFallback bytes) {
        this.scores = scores.clone();
        this.unknown = unknown;
        this.bytes = bytes;
        this.ids = HashMap.newHashMap(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
        this.longest = tokens.stream().mapToInt(String::length).max().orElse(0);
        this.unknownScore = Arrays.stream(scores).min().orElse(0) - UNKNOWN_PENALTY;
    }

    @Override
    public Encoder encoder() {
        return this::encode;
    }

    private void encode(String piece, IntConsumer tokens) {
        for (String part : parts(piece, new Path(piece))) {
            int id = ids.getOrDefault(part, -1);
            if (id >= 0) {
                tokens.accept(id);
            } else if (!bytes.encode(part, tokens)) {
                tokens.accept(unknown);
            }
        }
    }

    /** Parts of the best path; unknown characters in a row are one part. */
    private List<String> parts(String piece, Path path) {
        List<String> parts = new ArrayList<>();
        int unknownEnd = -1;
        for (int end = piece.length(); end > 0; end = path.begins[end]) {
            boolean isUnknown = path.ids[end] == unknown;
            if (isUnknown && unknownEnd < 0) {
                unknownEnd = end;
            }
            if (!isUnknown && unknownEnd >= 0) {
                parts.add(piece.substring(end, unknownEnd));
                unknownEnd = -1;
            }
            if (!isUnknown) {
                parts.add(piece.substring(path.begins[end], end));
            }
        }
        if (unknownEnd >= 0) {
            parts.add(piece.substring(0, unknownEnd));
        }
        return parts.reversed();
    }

    /** The best cut up to each place: where its last token begins, which one that is, and the sum of scores. */
    private final class Path {
        private final int[] begins;
        private final int[] ids;
        private final double[] sums;

        Path(String piece) {
            int size = piece.length() + 1;
            begins = new int[size];
            ids = new int[size];
            sums = new double[size];
            Arrays.fill(begins, 1, size, -1);
            for (int begin = 0; begin < piece.length(); ) {
                int next = begin + Character.charCount(piece.codePointAt(begin));
                boolean known = false;
                for (int end = next; end <= piece.length() && end - begin <= longest; end++) {
                    int id = Unigram.this.ids.getOrDefault(piece.substring(begin, end), -1);
                    if (id >= 0) {
                        offer(begin, end, id, scores[id]);
                        known |= end == next;
                    }
                }
                if (!known) {
                    offer(begin, next, unknown, unknownScore);
                }
                begin = next;
            }
        }

        /** Of equal sums the first stays. */
        private void offer(int begin, int end, int id, double score) {
            double sum = sums[begin] + score;
            if (begins[end] < 0 || sum > sums[end]) {
                begins[end] = begin;
                ids[end] = id;
                sums[end] = sum;
            }
        }
    }
}
