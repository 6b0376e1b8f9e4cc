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
    private final StringBuilder held = new StringBuilder();
    private @Nullable String found;

    StopStrings(List<String> stops) {
        this.stops = List.copyOf(stops);
    }

    /** What is certain to stand before any stop string. Nothing more once one was found. */
    String append(String text) {
        if (found != null) {
            return "";
        }
        held.append(text);
        found = firstComplete();
        int certain = found == null ? held.length() - longestBeginning() : held.indexOf(found);
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

    private @Nullable String firstComplete() {
        String first = null;
        int firstEnd = Integer.MAX_VALUE;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            int end = at + stop.length();
            if (at >= 0 && (end < firstEnd || (end == firstEnd && first != null && stop.length() > first.length()))) {
                first = stop;
                firstEnd = end;
            }
        }
        return first;
    }

    /** Length of the longest end of the text with which a stop string begins. */
    private int longestBeginning() {
        int longest = stops.stream().mapToInt(String::length).max().orElse(1) - 1;
        for (int length = Math.min(longest, held.length()); length > 0; length--) {
            String end = held.substring(held.length() - length);
            if (stops.stream().anyMatch(stop -> stop.startsWith(end))) {
                return length;
            }
        }
        return 0;
    }
}
