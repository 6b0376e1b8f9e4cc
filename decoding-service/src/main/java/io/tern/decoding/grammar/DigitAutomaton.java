package io.tern.decoding.grammar;

import io.tern.decoding.grammar.Magnitudes.Digits;
import java.util.HashMap;
import java.util.Map;

/** Numbers of one length, digit by digit; each state knows whether its digits are those of a bound. */
final class DigitAutomaton {
    private final NetworkBuilder builder;
    private final int length;
    private final Multiples multiples;
    private final Digits low;
    private final Digits high;
    private final Map<Place, Integer> states = new HashMap<>();

    /** @param length digits before the point */
    DigitAutomaton(NetworkBuilder builder, int length, Multiples multiples, Digits low, Digits high) {
        this.builder = builder;
        this.length = length;
        this.multiples = multiples;
        this.low = low;
        this.high = high;
    }

    /**
     * @param remainder of the digits so far, for {@link #multiples}
     * @param atLow whether all digits so far are the lower bound's, as {@code atHigh} says of the upper one's
     */
    private record Place(int index, int remainder, boolean atLow, boolean atHigh) {}

    void write(int from, int to) {
        builder.jump(from, state(new Place(0, 0, true, true), to));
    }

    private int state(Place place, int to) {
        Integer known = states.get(place);
        if (known != null) {
            return known;
        }
        int state = builder.state();
        states.put(place, state);
        if (place.index() >= length && mayEnd(place)) {
            builder.jump(state, to);
        }
        if (place.index() < length + multiples.fractionDigits()) {
            writeDigits(place, state, to);
        }
        return state;
    }

    private void writeDigits(Place place, int state, int to) {
        int at = state;
        if (place.index() == length) {
            at = builder.state();
            builder.literal(state, ".", at);
        }
        int least = place.atLow() ? low.at(place.index()) : 0;
        int most = place.atHigh() ? high.at(place.index()) : 9;
        boolean leads = place.index() == 0 && length > 1; // no zero in front
        for (int digit = Math.max(least, leads ? 1 : 0); digit <= most; digit++) {
            Place next = new Place(
                    place.index() + 1,
                    multiples.remainder(place.remainder(), digit),
                    place.atLow() && digit == least,
                    place.atHigh() && digit == most);
            builder.bytes(at, '0' + digit, '0' + digit, state(next, to));
        }
    }

    /** A number that begins like a bound and ends here is the bound itself or below it. */
    private boolean mayEnd(Place place) {
        boolean isLow = place.atLow() && low.isDecidedBy(place.index());
        boolean isHigh = place.atHigh() && high.isDecidedBy(place.index());
        return multiples.include(place.remainder(), place.index() - length)
                && (!place.atLow() || isLow)
                && !(isLow && low.excluded())
                && !(isHigh && high.excluded());
    }
}
