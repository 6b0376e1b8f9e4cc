package io.tern.decoding.grammar;

import io.tern.decoding.grammar.CodePoints.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Letters that are the same but for their case: those of one capital, as ECMAScript's Canonicalize has it without the flag
 * {@code u}. A letter beyond ASCII has no other case within it, so that {@code (?i)k} is not the kelvin sign.
 */
final class LetterCases {
    private static final int ASCII = 128;
    /** All that have others, in order. */
    private static final int[] LETTERS;
    /** Of each its others and itself. */
    private static final List<List<Range>> CASES = new ArrayList<>();

    static {
        SortedMap<Integer, List<Range>> byCapital = new TreeMap<>();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            int capital = capital(c);
            if (capital != c) {
                byCapital
                        .computeIfAbsent(capital, first -> new ArrayList<>(List.of(new Range(first, first))))
                        .add(new Range(c, c));
            }
        }
        SortedMap<Integer, List<Range>> byLetter = new TreeMap<>();
        byCapital.values().forEach(cases -> cases.forEach(one -> byLetter.put(one.first(), cases)));
        LETTERS = byLetter.keySet().stream().mapToInt(Integer::intValue).toArray();
        CASES.addAll(byLetter.values());
    }

    private LetterCases() {}

    private static int capital(int c) {
        int capital = Character.toUpperCase(c);
        return c >= ASCII && capital < ASCII ? c : capital;
    }

    /** The set with all cases of its letters. */
    static CodePoints closed(CodePoints set) {
        List<Range> all = set.ranges();
        for (Range range : set.ranges()) {
            int found = Arrays.binarySearch(LETTERS, range.first());
            for (int i = found < 0 ? -found - 1 : found; i < LETTERS.length && LETTERS[i] <= range.last(); i++) {
                all.addAll(CASES.get(i));
            }
        }
        return CodePoints.ofRanges(all);
    }
}
