package io.tern.text.call;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds calls in an answer as it comes: what is written as a call and names a tool is one, all else is words. What may
 * become the beginning of a call is held back. One thread at a time.
 */
public final class CallReader {
    /** A call is no longer; so nobody waits for the end of something that has none. */
    private static final int MOST_HELD = 1 << 16;

    private final CallSyntax syntax;
    private final Predicate<String> tools;
    private final boolean several;
    private final StringBuilder held = new StringBuilder();
    private Place before = Place.BEGINNING;
    private boolean called;

    /**
     * @param tools whether there is one of this name
     * @param several whether an answer may have more than one call
     */
    public CallReader(CallFormat format, Predicate<String> tools, boolean several) {
        this.syntax = format.syntax();
        this.tools = tools;
        this.several = several;
    }

    /** Words, and the calls behind them, that are certain now. */
    public record Part(String said, List<Call> calls) {
        public Part {
            calls = List.copyOf(calls);
        }
    }

    public Part append(String text) {
        held.append(text);
        return settle(held.length() > MOST_HELD);
    }

    /** What was held back, of which nothing more comes. */
    public Part finish() {
        return settle(true);
    }

    private Part settle(boolean whole) {
        StringBuilder said = new StringBuilder();
        List<Call> found = new ArrayList<>();
        int settled = -1;
        while (!held.isEmpty() && settled != 0) {
            Reading reading = syntax.read(held.toString(), before, whole);
            List<Call> calls = known(reading);
            say(held.substring(0, calls.isEmpty() ? reading.end() : reading.said()), said);
            if (!calls.isEmpty()) {
                found.addAll(calls);
                called = true;
                before = Place.BEHIND_CALL;
            }
            settled = reading.end();
            held.delete(0, settled);
        }
        return new Part(said.toString(), found);
    }

    /** Several that are written as one stand or fall together. */
    private List<Call> known(Reading reading) {
        boolean taken = (several || !called) && reading.calls().stream().allMatch(call -> tools.test(call.name()));
        if (!taken) {
            return List.of();
        }
        return several || reading.calls().isEmpty()
                ? reading.calls()
                : reading.calls().subList(0, 1);
    }

    /** White space behind a call only parts it from the next one. */
    private void say(String text, StringBuilder into) {
        String said = before == Place.BEHIND_CALL ? text.stripLeading() : text;
        if (!said.isBlank()) {
            before = Place.WITHIN;
        }
        into.append(said);
    }
}
