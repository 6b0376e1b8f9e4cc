package io.tern.decoding.grammar;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * All tokens that write text, as a trie of their bytes: nodes in preorder, so that a walk is one pass which may leap over
 * what lies below a node. Immutable.
 */
public final class VocabularyTrie {
    private final int vocabularySize;
    private final List<Integer> endTokens;
    private final byte[][] bytes;
    /** Of each node: its byte, how many nodes lie above it, and the first node behind all below it. */
    private byte[] labels = new byte[1 << 12];

    private int[] depths = new int[1 << 12];
    private int[] ends = new int[1 << 12];
    /** Tokens in the order of their bytes; of each node: where its own begin and end among them. */
    private final int[] tokens;

    private int[] tokenBegins = new int[1 << 12];
    private int[] tokenEnds = new int[1 << 12];
    private int nodes;
    private int deepest;

    /**
     * @param bytes of each token by id
     * @param isControl whether a token writes no text
     * @param endTokens ids that end a text
     */
    public VocabularyTrie(byte[][] bytes, IntPredicate isControl, List<Integer> endTokens) {
        this.vocabularySize = bytes.length;
        this.bytes = bytes;
        this.endTokens = List.copyOf(endTokens);
        this.tokens = IntStream.range(0, bytes.length)
                .filter(id -> bytes[id].length > 0 && !isControl.test(id) && !endTokens.contains(id))
                .boxed()
                .sorted(Comparator.comparing((Integer id) -> bytes[id], Arrays::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
        build();
    }

    private void build() {
        int[] path = new int
                [Arrays.stream(bytes).mapToInt(token -> token.length).max().orElse(0) + 1];
        byte[] before = {};
        for (int i = 0; i < tokens.length; i++) {
            byte[] token = bytes[tokens[i]];
            int shared = Arrays.mismatch(before, token);
            shared = shared < 0 ? token.length : shared;
            for (int depth = before.length - 1; depth >= shared; depth--) {
                ends[path[depth]] = nodes;
            }
            for (int depth = shared; depth < token.length; depth++) {
                path[depth] = add(token[depth], depth, i);
            }
            tokenEnds[path[token.length - 1]] = i + 1;
            deepest = Math.max(deepest, token.length);
            before = token;
        }
        for (int depth = before.length - 1; depth >= 0; depth--) {
            ends[path[depth]] = nodes;
        }
    }

    private int add(byte label, int depth, int tokensBefore) {
        if (nodes == labels.length) {
            labels = Arrays.copyOf(labels, 2 * nodes);
            depths = Arrays.copyOf(depths, 2 * nodes);
            ends = Arrays.copyOf(ends, 2 * nodes);
            tokenBegins = Arrays.copyOf(tokenBegins, 2 * nodes);
            tokenEnds = Arrays.copyOf(tokenEnds, 2 * nodes);
        }
        labels[nodes] = label;
        depths[nodes] = depth;
        tokenBegins[nodes] = tokensBefore;
        tokenEnds[nodes] = tokensBefore;
        return nodes++;
    }

    public int vocabularySize() {
        return vocabularySize;
    }

    boolean isEnd(int token) {
        return endTokens.contains(token);
    }

    byte[] bytes(int token) {
        return bytes[token];
    }

    /**
     * Bit {@code t} of the result says whether token t may come in this state: all its bytes can be read from there, or it
     * ends texts and this one may end.
     */
    long[] allowed(GrammarMachine machine, GrammarState state) {
        long[] mask = new long[(vocabularySize + Long.SIZE - 1) / Long.SIZE];
        if (state.mayEnd()) {
            endTokens.forEach(token -> mask[token / Long.SIZE] |= 1L << token);
        }
        GrammarState[] path = new GrammarState[deepest + 1];
        path[0] = state;
        int node = 0;
        while (node < nodes) {
            int depth = depths[node];
            GrammarState next = machine.step(path[depth], Byte.toUnsignedInt(labels[node]));
            if (next.isDead()) {
                node = ends[node];
            } else {
                path[depth + 1] = next;
                for (int i = tokenBegins[node]; i < tokenEnds[node]; i++) {
                    mask[tokens[i] / Long.SIZE] |= 1L << tokens[i];
                }
                node++;
            }
        }
        return mask;
    }
}
