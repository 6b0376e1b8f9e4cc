package io.tern.decoding.model;

import io.tern.decoding.tree.TokenTree;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What is added to the attention's scores, [rows, total]: 0, and negative infinity where a node of a tree must not see
 * another that is no ancestor of it. The attention itself hides what comes later. Of a chain all is 0.
 */
final class AttentionBias {
    private AttentionBias() {}

    static void fill(MemorySegment bias, Step step) {
        bias.fill((byte) 0);
        TokenTree tree = step.tree();
        int chain = tree.chainLength();
        for (int row = 0; row < step.attendedRows(); row++) {
            int node = step.node(row);
            if (node < chain) {
                continue;
            }
            long beginKey = (long) row * step.total() + step.past();
            for (int other = 0; other < node; other++) {
                if (!tree.isOnPathTo(other, node)) {
                    bias.setAtIndex(ValueLayout.JAVA_FLOAT, beginKey + other, Float.NEGATIVE_INFINITY);
                }
            }
        }
    }
}
