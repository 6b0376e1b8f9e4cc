package io.tern.decoding.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/** A set of Unicode characters: ranges in order, apart from one another. Half surrogate pairs are none. Immutable. */
final class CodePoints {
    static final CodePoints NONE = new CodePoints(new int[0]);
    static final CodePoints ALL = ofRanges(List.of(new Range(0, Character.MAX_CODE_POINT)));

    private final int[] bounds;

    /** @param bounds first and last of each range, alternating */
    private CodePoints(int[] bounds) {
        this.bounds = bounds;
    }

    /** Both ends belong to it. */
    record Range(int first, int last) {}

    static CodePoints of(int codePoint) {
        return range(codePoint, codePoint);
    }

    static CodePoints range(int first, int last) {
        return ofRanges(List.of(new Range(first, last)));
    }

    static CodePoints of(String characters) {
        return ofRanges(characters.codePoints().mapToObj(c -> new Range(c, c)).toList());
    }

    static CodePoints matching(IntPredicate predicate) {
        List<Range> ranges = new ArrayList<>();
        int first = -1;
        for (int c = 0; c <= Character.MAX_CODE_POINT + 1; c++) {
            boolean in = c <= Character.MAX_CODE_POINT && predicate.test(c);
            if (in && first < 0) {
                first = c;
            } else if (!in && first >= 0) {
                ranges.add(new Range(first, c - 1));
                first = -1;
            }
        }
        return ofRanges(ranges);
    }

    static CodePoints ofRanges(List<Range> ranges) {
        List<Range> sorted = new ArrayList<>();
        for (Range range : ranges) {
            addWithoutSurrogates(range, sorted);
        }
        sorted.sort(Comparator.comparingInt(Range::first));
        int[] bounds = new int[2 * sorted.size()];
        int count = 0;
        for (Range range : sorted) {
            if (count > 0 && range.first() <= bounds[count - 1] + 1) {
                bounds[count - 1] = Math.max(bounds[count - 1], range.last());
            } else {
                bounds[count++] = range.first();
                bounds[count++] = range.last();
            }
        }
        return new CodePoints(Arrays.copyOf(bounds, count));
    }

    private static void addWithoutSurrogates(Range range, List<Range> into) {
        if (range.first() < Character.MIN_SURROGATE) {
            into.add(new Range(range.first(), Math.min(range.last(), Character.MIN_SURROGATE - 1)));
        }
        if (range.last() > Character.MAX_SURROGATE) {
            into.add(new Range(Math.max(range.first(), Character.MAX_SURROGATE + 1), range.last()));
        }
    }

    List<Range> ranges() {
        List<Range> ranges = new ArrayList<>(bounds.length / 2);
        for (int i = 0; i < bounds.length; i += 2) {
            ranges.add(new Range(bounds[i], bounds[i + 1]));
        }
        return ranges;
    }

    boolean isEmpty() {
        return bounds.length == 0;
    }

    boolean contains(int codePoint) {
        int at = Arrays.binarySearch(bounds, codePoint);
        return at >= 0 || (-at - 1) % 2 == 1;
    }

    CodePoints union(CodePoints other) {
        List<Range> both = ranges();
        both.addAll(other.ranges());
        return ofRanges(both);
    }

    CodePoints complement() {
        List<Range> rest = new ArrayList<>();
        int next = 0;
        for (Range range : ranges()) {
            if (range.first() > next) {
                rest.add(new Range(next, range.first() - 1));
            }
            next = range.last() + 1;
        }
        if (next <= Character.MAX_CODE_POINT) {
            rest.add(new Range(next, Character.MAX_CODE_POINT));
        }
        return ofRanges(rest);
    }

    CodePoints intersection(CodePoints other) {
        return complement().union(other.complement()).complement();
    }

    CodePoints minus(CodePoints other) {
        return intersection(other.complement());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return ranges().toString();
    }
}
