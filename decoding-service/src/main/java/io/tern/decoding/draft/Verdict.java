package io.tern.decoding.draft;

import io.tern.decoding.tree.TokenTree;
import java.util.Arrays;

/**
 * What the target model made of a draft: a path of it stands, then comes one token of the target's own (recovered if a
 * drafted token was turned down, bonus if a whole path was accepted). Immutable.
 */
public final class Verdict {
    private static final int[] NOTHING = {};

    private final Draft draft;
    private final int[] path;
    private final int own;
    private final int[] ahead;

    /**
     * @param path accepted nodes, from one behind the root on
     * @param own the target's own token behind them
     * @param ahead what would have been accepted behind {@code own} had it been on the likeliest path: a guess at what
     *     follows, which no step has settled
     */
    public Verdict(Draft draft, int[] path, int own, int... ahead) {
        int parent = TokenTree.ROOT;
        for (int node : path) {
            if (draft.tree().parent(node) != parent) {
                throw new IllegalArgumentException("path: " + Arrays.toString(path) + " in " + draft);
            }
            parent = node;
        }
        this.draft = draft;
        this.path = path.clone();
        this.own = own;
        this.ahead = ahead.length == 0 ? NOTHING : ahead.clone();
    }

    public Draft draft() {
        return draft;
    }

    /** How many drafted tokens stand. */
    public int accepted() {
        return path.length;
    }

    /** Node of the draft that was accepted at this depth. */
    public int node(int depth) {
        return path[depth];
    }

    /** Settled tokens: {@code accepted() + 1}. */
    public int length() {
        return path.length + 1;
    }

    public int token(int index) {
        return index == path.length ? own : draft.tree().token(path[index]);
    }

    /** Node behind which the token at this index was chosen. */
    public int nodeBefore(int index) {
        return index == 0 ? TokenTree.ROOT : path[index - 1];
    }

    /** The likeliest beginning of the next draft; mostly empty. */
    public int[] ahead() {
        return ahead.clone();
    }

    @Override
    public String toString() {
        return "Verdict[" + draft + ", path=" + Arrays.toString(path) + ", own=" + own + ", ahead="
                + Arrays.toString(ahead) + "]";
    }
}
