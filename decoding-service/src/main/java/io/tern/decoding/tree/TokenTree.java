package io.tern.decoding.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tokens that one forward runs: each follows another of them or the text in the cache, so that several continuations are
 * judged at once. A node's position in the text is its depth behind the cache, and it attends to the cache, to its
 * ancestors and to itself. The first nodes should be the likeliest path: only along it, where nothing lies between a node
 * and its ancestors, a result has the same bits as in a chain. Immutable.
 */
public final class TokenTree {
    /** Parent of a node that follows the text in the cache. */
    public static final int ROOT = -1;

    private final int[] tokens;
    private final int[] parents;
    private final int[] depths;

    private TokenTree(int[] tokens, int[] parents) {
        this.tokens = tokens;
        this.parents = parents;
        this.depths = new int[tokens.length];
        for (int node = 0; node < tokens.length; node++) {
            if (parents[node] < ROOT || parents[node] >= node) {
                throw new IllegalArgumentException("parent of node " + node + ": " + parents[node] + " (expected: "
                        + ROOT + " or a node before it)");
            }
            depths[node] = parents[node] == ROOT ? 0 : depths[parents[node]] + 1;
        }
    }

    /** Each token follows the one before it. */
    public static TokenTree chain(int... tokens) {
        int[] parents = new int[tokens.length];
        Arrays.setAll(parents, node -> node - 1);
        return new TokenTree(tokens.clone(), parents);
    }

    /** @param parents of each node one before it, or {@link #ROOT} */
    public static TokenTree of(int[] tokens, int[] parents) {
        if (tokens.length != parents.length) {
            throw new IllegalArgumentException(
                    "parents: " + parents.length + " (expected: " + tokens.length + ", one for each token)");
        }
        return new TokenTree(tokens.clone(), parents.clone());
    }

    /** The same tree behind a chain of tokens: what followed the cache follows the last of them. */
    public TokenTree behind(int... trunk) {
        int[] all = Arrays.copyOf(trunk, trunk.length + tokens.length);
        int[] moved = new int[all.length];
        Arrays.setAll(moved, node -> node - 1);
        for (int node = 0; node < tokens.length; node++) {
            all[trunk.length + node] = tokens[node];
            moved[trunk.length + node] = parents[node] + trunk.length;
        }
        return new TokenTree(all, moved);
    }

    /**
     * Some of the nodes, with the ancestors of each, in an order in which the first ones are a path: from the root always
     * to the first child that is kept. Siblings stay in their order.
     *
     * @param kept ascending
     */
    public Reordered likeliestFirst(int... kept) {
        List<Integer> order = new ArrayList<>();
        int end = ROOT;
        for (int node : kept) {
            if (parents[node] == end) {
                order.add(node);
                end = node;
            }
        }
        for (int node : kept) {
            if (!order.contains(node)) {
                order.add(node);
            }
        }
        int[] places = new int[tokens.length];
        Arrays.fill(places, ROOT);
        int[] ordered = new int[order.size()];
        int[] moved = new int[order.size()];
        for (int place = 0; place < ordered.length; place++) {
            int node = order.get(place);
            places[node] = place;
            ordered[place] = tokens[node];
            moved[place] = parents[node] == ROOT ? ROOT : places[parents[node]];
        }
        return new Reordered(new TokenTree(ordered, moved), places);
    }

    /** A tree in another order, and where its nodes have come. */
    public record Reordered(TokenTree tree, int[] places) {
        /** Place of a node of the former tree that was kept; the root stays the root. */
        public int place(int node) {
            return node == ROOT ? ROOT : places[node];
        }
    }

    public int size() {
        return tokens.length;
    }

    public int token(int node) {
        return tokens[node];
    }

    public int parent(int node) {
        return parents[node];
    }

    /** How many nodes of the tree come before it on its path, from 0. */
    public int depth(int node) {
        return depths[node];
    }

    /** How many of the first nodes are a chain: the likeliest path. */
    public int chainLength() {
        int length = 0;
        while (length < parents.length && parents[length] == length - 1) {
            length++;
        }
        return length;
    }

    public boolean isChain() {
        return chainLength() == size();
    }

    /** The first node with this token behind {@code parent}, or -1. */
    public int child(int parent, int token) {
        for (int node = parent + 1; node < tokens.length; node++) {
            if (parents[node] == parent && tokens[node] == token) {
                return node;
            }
        }
        return -1;
    }

    /** Whether {@code ancestor} is {@code node} or comes before it on its path. */
    public boolean isOnPathTo(int ancestor, int node) {
        int at = node;
        while (at > ancestor) {
            at = parents[at];
        }
        return at == ancestor;
    }

    public int[] toArray() {
        return tokens.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenTree that
                && Arrays.equals(tokens, that.tokens)
                && Arrays.equals(parents, that.parents);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(tokens) + Arrays.hashCode(parents);
    }

    @Override
    public String toString() {
        return "TokenTree" + Arrays.toString(tokens) + (isChain() ? "" : " of " + Arrays.toString(parents));
    }
}
