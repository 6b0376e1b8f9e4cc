package io.tern.decoding.grammar;

import org.jspecify.annotations.Nullable;

/**
 * What holds in a part of a regular expression.
 *
 * @param anyCase {@code i}: a letter stands for its other cases too
 * @param dotAll {@code s}: {@code .} stands for line ends too
 */
record RegexFlags(boolean anyCase, boolean dotAll) {
    static final RegexFlags NONE = new RegexFlags(false, false);

    /** These with what is said next, as {@code i} or {@code s-i}; null for a flag that is not built. */
    @Nullable
    RegexFlags read(RegexText text) {
        RegexFlags flags = this;
        boolean on = true;
        while (!text.isAtEnd() && text.peek() != ':' && text.peek() != ')') {
            switch (text.codePoint()) {
                case 'i' -> flags = new RegexFlags(on, flags.dotAll);
                case 's' -> flags = new RegexFlags(flags.anyCase, on);
                case '-' -> on = false;
                default -> {
                    return null;
                }
            }
        }
        return flags;
    }
}
