package io.tern.decoding.model;

import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of the model: some nodes of a tree of tokens, all before them run already.
 *
 * @param past tokens that were settled before the tree
 * @param begin the first node of the step
 * @param tokens how many nodes
 * @param rowsWanted for how many of the tree's last nodes logits are wanted
 * @param minimum fewest tokens, and fewest rows unless none, that the kernels are given: the last is repeated
 */
record Step(TokenTree tree, int past, int begin, int tokens, int rowsWanted, int minimum) {
    /**
     * Cuts a tree into steps: of a chain any piece can run by itself. Off the chain all nodes run in one step, and never
     * without keys before them, as the attention takes positions for granted then.
     *
     * @param rows for how many of the last nodes logits are wanted
     * @param most tokens of a step
     */
    static List<Step> of(TokenTree tree, int past, int rows, int most, int minimum) {
        int chain = tree.chainLength();
        boolean together = !tree.isChain() && past > 0 && tree.size() <= most;
        int pieces = together ? 0 : chain;
        List<Step> steps = new ArrayList<>();
        for (int begin = 0; begin < pieces; begin += most) {
            int count = Math.min(most, pieces - begin);
            steps.add(new Step(tree, past, begin, count, rows, minimum));
        }
        if (pieces < tree.size()) {
            int count = tree.size() - pieces;
            steps.add(new Step(tree, past, pieces, count, rows, minimum));
        }
        return steps;
    }

    int end() {
        return begin + tokens;
    }

    /** The first node whose logits are wanted, if any of the step's are. */
    int firstRow() {
        return Math.max(begin, tree.size() - rowsWanted);
    }

    /** How many of the wanted rows earlier steps give. */
    int rowsBefore() {
        return Math.max(0, begin - (tree.size() - rowsWanted));
    }

    int rows() {
        return Math.max(0, end() - firstRow());
    }

    int paddedTokens() {
        return Math.max(tokens, minimum);
    }

    int paddedRows() {
        return rows() == 0 ? 0 : Math.max(rows(), minimum);
    }

    /** Rows of the attention: one more than the kernels need. */
    int attendedRows() {
        return paddedTokens() + 1;
    }

    /** Keys that the attention's last row could see. */
    int total() {
        return past + begin + attendedRows();
    }

    /** The node of a row: those behind the last repeat it. */
    int node(int row) {
        return begin + Math.min(row, tokens - 1);
    }

    int position(int row) {
        return past + tree.depth(node(row));
    }
}
