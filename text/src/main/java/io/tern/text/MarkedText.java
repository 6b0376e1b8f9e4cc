package io.tern.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A text that knows of each part whether it is trusted: written by a chat template, or by whoever sent the messages.
 * Immutable; neighbours of one kind are one part, and no part is empty.
 */
public final class MarkedText {
    private static final MarkedText EMPTY = new MarkedText(List.of());

    private final List<Part> parts;

    private MarkedText(List<Part> parts) {
        this.parts = parts;
    }

    /** A stretch of text from one source. */
    public record Part(String text, boolean trusted) {}

    public static MarkedText trusted(String text) {
        return of(text, true);
    }

    public static MarkedText untrusted(String text) {
        return of(text, false);
    }

    private static MarkedText of(String text, boolean trusted) {
        return text.isEmpty() ? EMPTY : new MarkedText(List.of(new Part(text, trusted)));
    }

    public List<Part> parts() {
        return parts;
    }

    /** The whole text, without marks. */
    public String text() {
        return parts.size() == 1
                ? parts.getFirst().text()
                : parts.stream().map(Part::text).collect(Collectors.joining());
    }

    public int length() {
        return parts.stream().mapToInt(part -> part.text().length()).sum();
    }

    public boolean isEmpty() {
        return parts.isEmpty();
    }

    public MarkedText plus(MarkedText other) {
        return new Builder().append(this).append(other).build();
    }

    /** From {@code start} to {@code end}, which are indexes into {@link #text()}. */
    public MarkedText substring(int start, int end) {
        Builder result = new Builder();
        int offset = 0;
        for (Part part : parts) {
            int from = Math.clamp(start - offset, 0, part.text().length());
            int to = Math.clamp(end - offset, from, part.text().length());
            result.append(part.text().substring(from, to), part.trusted());
            offset += part.text().length();
        }
        return result.build();
    }

    /** Each part changed by itself; its mark stays. */
    public MarkedText map(UnaryOperator<String> change) {
        Builder result = new Builder();
        parts.forEach(part -> result.append(change.apply(part.text()), part.trusted()));
        return result.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MarkedText that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** Each trusted part as it is, each other one in ⟦⟧. */
    @Override
    public String toString() {
        return parts.stream()
                .map(part -> part.trusted() ? part.text() : "⟦" + part.text() + "⟧")
                .collect(Collectors.joining());
    }

    /** Appends in linear time. Owned by one thread. */
    public static final class Builder {
        private final List<Part> parts = new ArrayList<>();
        private final StringBuilder last = new StringBuilder();
        private boolean lastTrusted;
        private int length;

        public Builder append(String text, boolean trusted) {
            if (trusted != lastTrusted) {
                closePart();
                lastTrusted = trusted;
            }
            last.append(text);
            length += text.length();
            return this;
        }

        public Builder append(MarkedText text) {
            text.parts.forEach(part -> append(part.text(), part.trusted()));
            return this;
        }

        public int length() {
            return length;
        }

        public MarkedText build() {
            closePart();
            return parts.isEmpty() ? EMPTY : new MarkedText(List.copyOf(parts));
        }

        private void closePart() {
            if (!last.isEmpty()) {
                parts.add(new Part(last.toString(), lastTrusted));
                last.setLength(0);
            }
        }
    }
}
