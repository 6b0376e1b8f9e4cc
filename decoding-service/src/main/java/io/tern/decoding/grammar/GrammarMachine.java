package io.tern.decoding.grammar;

import io.tern.base.TernException;
import io.tern.decoding.grammar.GrammarState.Content;
import io.tern.decoding.grammar.GrammarState.Place;
import io.tern.decoding.grammar.Network.ByteEdge;
import io.tern.decoding.grammar.Network.CallEdge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network as a deterministic automaton over bytes and over the tokens of a vocabulary, built as it is used and shared by
 * all texts of one grammar. Its memory is bounded: when it is full it begins anew. Safe for use by many threads.
 */
final class GrammarMachine {
    private static final int MOST_STATES = 4_096;
    private static final int MOST_MASKS = 256;
    /** Places of one state: far more than a schema of reasonable ambiguity has at once. */
    private static final int MOST_PLACES = 10_000;

    private final Network network;
    private final VocabularyTrie vocabulary;
    private final String field;
    private final Map<Content, GrammarState> states = new HashMap<>();
    private int masks;

    GrammarMachine(Network network, VocabularyTrie vocabulary, String field) {
        this.network = network;
        this.vocabulary = vocabulary;
        this.field = field;
    }

    synchronized GrammarState start() {
        Closure closure = new Closure();
        closure.enter(network.start(), null);
        return interned(closure);
    }

    /** @throws TernException INVALID_ARGUMENT if the grammar is so ambiguous that this costs too much */
    synchronized GrammarState step(GrammarState state, int unsignedByte) {
        GrammarState known = state.next(unsignedByte);
        if (known != null) {
            return known;
        }
        Closure closure = new Closure();
        for (Place place : state.content().places()) {
            for (ByteEdge edge : network.bytes()[place.state()]) {
                if (edge.reads(unsignedByte)) {
                    closure.enter(edge.target(), place.stack());
                }
            }
        }
        GrammarState next = interned(closure);
        state.setNext(unsignedByte, next);
        return next;
    }

    /** Bits of the tokens that may come in this state. */
    synchronized long[] allowed(GrammarState state) {
        long[] known = state.mask;
        if (known != null) {
            return known;
        }
        long[] mask = vocabulary.allowed(this, state);
        TernException.require(
                Arrays.stream(mask).anyMatch(bits -> bits != 0),
                field,
                "bytes that no token of the model writes",
                "what the model can write");
        state.mask = mask;
        masks++;
        return mask;
    }

    /** The state behind a token that is allowed. */
    synchronized GrammarState accept(GrammarState state, int token) {
        GrammarState at = state;
        for (byte b : vocabulary.bytes(token)) {
            at = step(at, Byte.toUnsignedInt(b));
        }
        return states.size() > MOST_STATES || masks > MOST_MASKS ? fresh(at) : at;
    }

    boolean isEnd(int token) {
        return vocabulary.isEnd(token);
    }

    /** Forgets all states but this one, which is begun anew so that it holds on to none of them. */
    private GrammarState fresh(GrammarState state) {
        states.clear();
        masks = 0;
        GrammarState begun = new GrammarState(state.content());
        states.put(begun.content(), begun);
        return begun;
    }

    private GrammarState interned(Closure closure) {
        return states.computeIfAbsent(new Content(closure.places, closure.mayEnd), GrammarState::new);
    }

    /** All places that are reached without reading a byte. */
    private final class Closure {
        private final Set<Place> places = new HashSet<>();
        private final Set<Place> seen = new HashSet<>();
        private final List<Place> work = new ArrayList<>();
        private boolean mayEnd;

        void enter(int state, @Nullable Frame stack) {
            work.add(new Place(state, stack));
            while (!work.isEmpty()) {
                Place place = work.removeLast();
                if (seen.add(place)) {
                    TernException.require(seen.size() <= MOST_PLACES, field, "too ambiguous", "a simpler grammar");
                    follow(place);
                }
            }
        }

        private void follow(Place place) {
            int state = place.state();
            Frame stack = place.stack();
            if (network.bytes()[state].length > 0) {
                places.add(place);
            }
            for (int target : network.jumps()[state]) {
                work.add(new Place(target, stack));
            }
            for (CallEdge call : network.calls()[state]) {
                work.add(new Place(network.entries()[call.rule()], new Frame(call.target(), stack)));
            }
            if (network.isExit()[state]) {
                if (stack == null) {
                    mayEnd = true;
                } else {
                    work.add(new Place(stack.state(), stack.below()));
                }
            }
        }
    }
}
