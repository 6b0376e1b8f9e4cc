package io.tern.decoding.draft;

import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Continuations laid over each other, each node with how often it was seen. He et al. 2024 (REST), section 3.2. */
final class ContinuationTrie {
    private static final int BREAK = -1;

    private final List<Integer> tokens = new ArrayList<>();
    private final List<Integer> parents = new ArrayList<>();
    private final List<Integer> counts = new ArrayList<>();

    /** Adds {@code text[from..to)}, up to the end of its text. */
    void add(int[] text, int from, int to) {
        int node = TokenTree.ROOT;
        for (int at = from; at < to && text[at] != BREAK; at++) {
            node = child(node, text[at]);
            counts.set(node, counts.get(node) + 1);
        }
    }

    /** The most frequent nodes; of equally frequent ones those that were seen first, which are the most recent. */
    Draft mostFrequent(int maxNodes, boolean branches) {
        TokenTree all = TokenTree.of(
                tokens.stream().mapToInt(Integer::intValue).toArray(),
                parents.stream().mapToInt(Integer::intValue).toArray());
        Comparator<Integer> byCount =
                Comparator.<Integer, Integer>comparing(counts::get).reversed();
        int[] kept = branches
                ? IntStream.range(0, all.size())
                        .boxed()
                        .sorted(byCount.thenComparing(Comparator.naturalOrder()))
                        .limit(maxNodes)
                        .sorted()
                        .mapToInt(Integer::intValue)
                        .toArray()
                : mostFrequentPath(maxNodes);
        return Draft.of(ordered(all, kept));
    }

    private int[] mostFrequentPath(int maxNodes) {
        List<Integer> path = new ArrayList<>();
        for (int node = best(TokenTree.ROOT); node >= 0 && path.size() < maxNodes; node = best(node)) {
            path.add(node);
        }
        return path.stream().mapToInt(Integer::intValue).toArray();
    }

    /** With the most frequent child of each node before its siblings, so that the likeliest path comes first. */
    private TokenTree ordered(TokenTree all, int[] kept) {
        List<Integer> path = new ArrayList<>();
        IntStream.of(mostFrequentPath(kept.length)).forEach(path::add);
        List<Integer> keptNodes = IntStream.of(kept).boxed().toList();
        path.retainAll(keptNodes);
        List<Integer> order = new ArrayList<>(path);
        keptNodes.stream().filter(node -> !path.contains(node)).forEach(order::add);
        int[] ordered = new int[order.size()];
        int[] moved = new int[order.size()];
        for (int place = 0; place < ordered.length; place++) {
            int node = order.get(place);
            ordered[place] = all.token(node);
            moved[place] = order.indexOf(all.parent(node));
        }
        return TokenTree.of(ordered, moved);
    }

    private int best(int parent) {
        int best = -1;
        for (int node = Math.max(0, parent + 1); node < tokens.size(); node++) {
            if (parents.get(node) == parent && (best < 0 || counts.get(node) > counts.get(best))) {
                best = node;
            }
        }
        return best;
    }

    private int child(int parent, int token) {
        for (int node = parent + 1; node < tokens.size(); node++) {
            if (parents.get(node) == parent && tokens.get(node) == token) {
                return node;
            }
        }
        tokens.add(token);
        parents.add(parent);
        counts.add(0);
        return tokens.size() - 1;
    }
}
