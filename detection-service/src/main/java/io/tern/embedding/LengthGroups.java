package io.tern.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Texts that are run together: of one length, so that nothing is padded. A padded text would have the meaning it has
 * alone, but not the bits, since the masked places take part in the order of the attention's sums.
 */
final class LengthGroups {
    private LengthGroups() {}

    /**
     * @param texts token ids, none longer than {@code mostTokens}
     * @param mostTokens in a group
     * @return indices of the texts, each once
     */
    static List<List<Integer>> of(List<int[]> texts, int mostTokens) {
        Map<Integer, List<Integer>> ofLength = new TreeMap<>();
        for (int i = 0; i < texts.size(); i++) {
            ofLength.computeIfAbsent(texts.get(i).length, _ -> new ArrayList<>())
                    .add(i);
        }
        List<List<Integer>> groups = new ArrayList<>();
        ofLength.forEach((length, indices) -> {
            int size = Math.max(1, mostTokens / length);
            for (int from = 0; from < indices.size(); from += size) {
                groups.add(List.copyOf(indices.subList(from, Math.min(indices.size(), from + size))));
            }
        });
        return groups;
    }
}
