package io.tern.detection;

import io.tern.base.TernException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Which classes are wanted.
 *
 * @param ids class ids; empty: all
 */
public record ClassFilter(Set<Integer> ids) implements IntPredicate {
    private static final ClassFilter ALL = new ClassFilter(Set.of());
    private static final int SUGGESTIONS = 3;
    private static final int LONGEST_NAME = 64;

    public ClassFilter {
        ids = Set.copyOf(ids);
    }

    public static ClassFilter all() {
        return ALL;
    }

    /**
     * @param names of classes; none: all
     * @param labels the model's names, by class id
     * @throws TernException INVALID_ARGUMENT for a name that the model has not, with the nearest that it has
     */
    public static ClassFilter of(List<String> names, List<String> labels) {
        Set<Integer> ids = new HashSet<>();
        for (String name : names) {
            int id = labels.indexOf(name);
            if (id < 0) {
                throw TernException.invalid("classes", name, "classes of the model; nearest: " + nearest(name, labels));
            }
            ids.add(id);
        }
        return new ClassFilter(ids);
    }

    @Override
    public boolean test(int classId) {
        return ids.isEmpty() || ids.contains(classId);
    }

    private static String nearest(String name, List<String> labels) {
        String known = name.substring(0, Math.min(LONGEST_NAME, name.length()));
        return labels.stream()
                .sorted(Comparator.comparingInt(label -> edits(known, label)))
                .limit(SUGGESTIONS)
                .collect(Collectors.joining(", "));
    }

    /** How many letters must be put in, left out or exchanged; Levenshtein 1966. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                boolean same = Character.toLowerCase(from.charAt(i - 1)) == Character.toLowerCase(to.charAt(j - 1));
                int exchanged = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
