package io.tern.decoding.head;

import io.tern.base.TernException;
import io.tern.decoding.draft.Candidates;
import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which combinations of the heads' likeliest tokens a tree is made of.
 *
 * @param paths ranks of the tokens from the root to a node, the most useful node first; with a node comes its parent before
 */
record MedusaTree(List<List<Integer>> paths) {
    MedusaTree {
        paths = paths.stream().map(List::copyOf).toList();
        for (int i = 0; i < paths.size(); i++) {
            List<Integer> path = paths.get(i);
            List<Integer> parent = path.isEmpty() ? path : path.subList(0, path.size() - 1);
            if (path.isEmpty() || !(parent.isEmpty() || paths.subList(0, i).contains(parent))) {
                throw TernException.invalid("tree", path, "ranks from the root on, a path's beginning before it");
            }
        }
    }

    /** The first so many nodes, less those that are too deep. */
    TokenTree tokens(List<Candidates> places, int maxDepth, int maxNodes) {
        Map<List<Integer>, Integer> nodes = new HashMap<>();
        List<Integer> tokens = new ArrayList<>();
        List<Integer> parents = new ArrayList<>();
        for (List<Integer> path : paths) {
            int depth = path.size() - 1;
            int rank = path.getLast();
            if (tokens.size() < maxNodes
                    && depth < Math.min(maxDepth, places.size())
                    && rank < places.get(depth).size()) {
                nodes.put(path, tokens.size());
                tokens.add(places.get(depth).tokens()[rank]);
                parents.add(nodes.getOrDefault(path.subList(0, depth), TokenTree.ROOT));
            }
        }
        int[] all = new int[tokens.size()];
        for (int node = 0; node < all.length; node++) {
            all[node] = node;
        }
        return TokenTree.of(
                        tokens.stream().mapToInt(Integer::intValue).toArray(),
                        parents.stream().mapToInt(Integer::intValue).toArray())
                .likeliestFirst(all)
                .tree();
    }
}
