package io.tern.decoding.grammar;

import java.util.List;

/** A regular expression as a tree. */
sealed interface RegexNode {
    /** How often a part may come without an upper bound. */
    int UNBOUNDED = -1;

    /** One character of the set. */
    record One(CodePoints set) implements RegexNode {}

    record Sequence(List<RegexNode> parts) implements RegexNode {}

    record Alternatives(List<RegexNode> options) implements RegexNode {}

    /** @param most {@link #UNBOUNDED} or at least {@code least} */
    record Repeated(RegexNode part, int least, int most) implements RegexNode {}

    /** Characters that it is written with when repeats are written out. */
    default double size() {
        return switch (this) {
            case One _ -> 1;
            case Sequence(List<RegexNode> parts) ->
                1 + parts.stream().mapToDouble(RegexNode::size).sum();
            case Alternatives(List<RegexNode> options) ->
                1 + options.stream().mapToDouble(RegexNode::size).sum();
            case Repeated(RegexNode part, int least, int most) -> part.size() * Math.max(1, Math.max(least, most));
        };
    }
}
