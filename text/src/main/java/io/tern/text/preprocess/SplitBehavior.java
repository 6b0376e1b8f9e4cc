package io.tern.text.preprocess;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** What becomes of the matches of a pattern when a text is cut at them. */
enum SplitBehavior {
    REMOVED,
    ISOLATED,
    MERGED_WITH_PREVIOUS,
    MERGED_WITH_NEXT,
    CONTIGUOUS;

    /** @throws IllegalArgumentException for another name */
    static SplitBehavior named(String where, String name) {
        return Arrays.stream(values())
                .filter(behavior -> behavior.name().replace("_", "").equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "tokenizer file: " + where + ": " + name + " (expected: " + Arrays.toString(values()) + ")"));
    }

    void cut(String text, List<SplitPattern.Span> spans, Consumer<String> piece) {
        for (SplitPattern.Span span : joined(spans)) {
            if (!(this == REMOVED && span.matches())) {
                piece.accept(text.substring(span.begin(), span.end()));
            }
        }
    }

    private List<SplitPattern.Span> joined(List<SplitPattern.Span> spans) {
        return switch (this) {
            case REMOVED, ISOLATED -> spans;
            case CONTIGUOUS -> contiguous(spans);
            case MERGED_WITH_PREVIOUS -> withPrevious(spans);
            case MERGED_WITH_NEXT -> withNext(spans);
        };
    }

    private static List<SplitPattern.Span> contiguous(List<SplitPattern.Span> spans) {
        List<SplitPattern.Span> joined = new ArrayList<>();
        for (SplitPattern.Span span : spans) {
            if (!joined.isEmpty() && joined.getLast().matches() == span.matches()) {
                joined.add(join(joined.removeLast(), span));
            } else {
                joined.add(span);
            }
        }
        return joined;
    }

    private static List<SplitPattern.Span> withPrevious(List<SplitPattern.Span> spans) {
        List<SplitPattern.Span> joined = new ArrayList<>();
        boolean afterMatch = false;
        for (SplitPattern.Span span : spans) {
            boolean joins = span.matches() && !afterMatch && !joined.isEmpty();
            joined.add(joins ? join(joined.removeLast(), span) : span);
            afterMatch = span.matches();
        }
        return joined;
    }

    private static List<SplitPattern.Span> withNext(List<SplitPattern.Span> spans) {
        List<SplitPattern.Span> joined = new ArrayList<>();
        boolean beforeMatch = false;
        for (SplitPattern.Span span : spans.reversed()) {
            boolean joins = span.matches() && !beforeMatch && !joined.isEmpty();
            joined.add(joins ? join(span, joined.removeLast()) : span);
            beforeMatch = span.matches();
        }
        return joined.reversed();
    }

    private static SplitPattern.Span join(SplitPattern.Span left, SplitPattern.Span right) {
        return new SplitPattern.Span(left.begin(), right.end(), left.matches());
    }
}
