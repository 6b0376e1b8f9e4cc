package io.tern.decoding.model;

import io.tern.decoding.tree.TokenTree;

/**
 * A sequence's part of one run: some nodes of a tree of tokens, all before them run already.
 *
 * @param past tokens that were settled before the tree
 * @param begin the first node of the step
 * @param tokens how many nodes
 * @param rowsWanted for how many of the tree's last nodes logits are wanted
 * @param minimum fewest tokens that the kernels are given: the last is repeated
 */
record Step(OnnxKvCache cache, TokenTree tree, int past, int begin, int tokens, int rowsWanted, int minimum) {
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

    /** Rows of the attention: one more than the kernels need. */
    int attendedRows() {
        return Math.max(tokens, minimum) + 1;
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
