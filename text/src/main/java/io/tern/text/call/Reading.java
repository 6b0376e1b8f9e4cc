package io.tern.text.call;

import java.util.List;

/**
 * What the beginning of a text is: words up to {@code said}, calls from there to {@code end}. What follows is not certain
 * yet; where even the beginning is not, both are 0.
 */
record Reading(int said, int end, List<Call> calls) {
    static final Reading WAIT = said(0);

    Reading {
        calls = List.copyOf(calls);
    }

    static Reading said(int end) {
        return new Reading(end, end, List.of());
    }

    /** Words as well where there are none. */
    static Reading calls(int begin, int end, List<Call> calls) {
        return calls.isEmpty() ? said(end) : new Reading(begin, end, calls);
    }
}
