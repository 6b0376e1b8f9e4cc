package io.tern.wire;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Field names in messages: harmless to print, and the nearest known ones to a misspelt one. */
final class Names {
    private static final int MAX_SHOWN = 64;
    private static final int MAX_DISTANCE = 3;

    private Names() {}

    /** At most 64 characters, and nothing but printable ASCII: it may end up on a terminal. */
    static String printable(String name) {
        String cut = name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN) + "...";
        return cut.replaceAll("[^ -~]", "?");
    }

    /** Up to two names within three edits, the nearest first. */
    static List<String> nearest(String name, Collection<String> known) {
        if (name.length() > MAX_SHOWN) {
            return List.of();
        }
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= Math.min(MAX_DISTANCE, candidate.length() / 2))
                .sorted(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .limit(2)
                .toList();
    }

    /** Levenshtein's, row by row. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
