package io.tern.decoding.model;

import io.tern.catalogue.OnnxNode;
import io.tern.decoding.exported.GraphNames;
import java.util.List;

/**
 * Finds out whether a graph's attention updates keys and values in place: that of GroupQueryAttention does, where past and
 * present are one memory, which may be longer than what is in it. Every other one copies or concatenates, and the kernel of
 * MultiHeadAttention writes beyond such memory.
 */
final class InPlaceAttention {
    private static final String OPERATOR = "GroupQueryAttention";
    private static final int PAST_KEY = 3;
    private static final int PAST_VALUE = 4;
    private static final int PRESENT_KEY = 1;
    private static final int PRESENT_VALUE = 2;

    private InPlaceAttention() {}

    /** Whether each past goes into such a node and nowhere else, and each present comes out of the same one. */
    static boolean isIn(List<OnnxNode> nodes, GraphNames names, int layers) {
        for (int layer = 0; layer < layers; layer++) {
            String pastKey = GraphNames.ofLayer(names.pastKey(), layer);
            String pastValue = GraphNames.ofLayer(names.pastValue(), layer);
            List<OnnxNode> readers = nodes.stream()
                    .filter(node ->
                            node.inputs().contains(pastKey) || node.inputs().contains(pastValue))
                    .toList();
            boolean updates = readers.size() == 1
                    && readers.getFirst().type().equals(OPERATOR)
                    && is(readers.getFirst().inputs(), PAST_KEY, pastKey)
                    && is(readers.getFirst().inputs(), PAST_VALUE, pastValue)
                    && is(readers.getFirst().outputs(), PRESENT_KEY, GraphNames.ofLayer(names.presentKey(), layer))
                    && is(readers.getFirst().outputs(), PRESENT_VALUE, GraphNames.ofLayer(names.presentValue(), layer));
            if (!updates) {
                return false;
            }
        }
        return true;
    }

    private static boolean is(List<String> names, int index, String name) {
        return index < names.size() && names.get(index).equals(name);
    }
}
