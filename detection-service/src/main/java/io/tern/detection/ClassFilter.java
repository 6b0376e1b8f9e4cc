package io.tern.detection;

import io.tern.base.EditDistance;
import io.tern.base.TernException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
        String known = name.substring(0, Math.min(LONGEST_NAME, name.length())).toLowerCase(Locale.ROOT);
        return labels.stream()
                .sorted(Comparator.comparingInt(label -> EditDistance.between(known, label.toLowerCase(Locale.ROOT))))
                .limit(SUGGESTIONS)
                .collect(Collectors.joining(", "));
    }
}
