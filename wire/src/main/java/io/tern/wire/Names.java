package io.tern.wire;

import io.tern.base.EditDistance;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Field names in messages: harmless to print, and the nearest known ones to a misspelt one. */
public final class Names {
    private static final int MAX_SHOWN = 64;
    private static final int MAX_DISTANCE = 3;

    private Names() {}

    /** At most 64 characters, and nothing but printable ASCII: it may end up on a terminal. */
    public static String printable(String name) {
        String cut = name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN) + "...";
        return cut.replaceAll("[^ -~]", "?");
    }

    /** Up to two names within three edits, the nearest first. */
    static List<String> nearest(String name, Collection<String> known) {
        if (name.length() > MAX_SHOWN) {
            return List.of();
        }
        return known.stream()
                .filter(candidate ->
                        EditDistance.between(name, candidate) <= Math.min(MAX_DISTANCE, candidate.length() / 2))
                .sorted(Comparator.comparingInt(candidate -> EditDistance.between(name, candidate)))
                .limit(2)
                .toList();
    }
}
