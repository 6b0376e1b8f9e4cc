package io.tern.decoding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Passes a text on up to the first stop string in it, and holds back its end while that may become one. The first is the
 * one that is complete first, the longest of several; so it does not matter in what pieces the text comes. Owned by one
 * sequence.
 */
final class StopStrings {
    private final List<String> stops;
    private final boolean shown;
    private final StringBuilder held = new StringBuilder();
    private @Nullable String found;

    /** @param shown whether the text goes on to the end of the stop string */
    StopStrings(List<String> stops, boolean shown) {
        this.stops = List.copyOf(stops);
        this.shown = shown;
    }

    /**
     * What is certain to stand before (or up to the end of) any stop string. Nothing more once one was found.
     *
     * @param counts whether a stop string that this text completes ends it
     */
    String append(String text, boolean counts) {
        if (found != null) {
            return "";
        }
        int known = held.length();
        held.append(text);
        int end = counts ? firstEnd(known) : 0;
        int certain = found == null ? held.length() - longestBeginning() : shown ? end : end - found.length();
        String passed = held.substring(0, certain);
        held.delete(0, found == null ? certain : held.length());
        return passed;
    }

    /** What was held back and is no stop string after all. */
    String finish() {
        String rest = held.toString();
        held.setLength(0);
        return rest;
    }

    @Nullable
    String found() {
        return found;
    }

    /** Where the first one that is complete behind what was known ends. */
    private int firstEnd(int known) {
        int firstEnd = Integer.MAX_VALUE;
        for (String stop : stops) {
            int at = held.indexOf(stop, Math.max(0, known - stop.length() + 1));
            int end = at + stop.length();
            if (at >= 0 && (end < firstEnd || (end == firstEnd && found != null && stop.length() > found.length()))) {
                found = stop;
                firstEnd = end;
            }
        }
        return firstEnd;
    }

    /** Length of the longest end of the text with which a stop string begins. */
    private int longestBeginning() {
        int longest = stops.stream().mapToInt(String::length).max().orElse(1) - 1;
        for (int length = Math.min(longest, held.length()); length > 0; length--) {
            String end = held.substring(held.length() - length);
            if (stops.stream().anyMatch(stop -> stop.length() > end.length() && stop.startsWith(end))) {
                return length;
            }
        }
        return 0;
    }
}
