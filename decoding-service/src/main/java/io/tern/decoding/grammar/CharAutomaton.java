package io.tern.decoding.grammar;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.decoding.grammar.CodePoints.Range;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A deterministic finite automaton over characters, made by the subset construction (Rabin and Scott 1959). Bounded in
 * size, since it can be exponential in its expression. Immutable.
 *
 * @param next by state, then by index of the class; -1 where nothing follows
 */
record CharAutomaton(List<CodePoints> classes, int[][] next, boolean[] accepting) {
    private static final int MOST_STATES = 5_000;
    private static final int LARGEST = 5_000;
    /** Words of state sets looked at, some fifty milliseconds' worth. */
    private static final long MOST_WORK = 4_000_000;

    /** @throws TernException INVALID_ARGUMENT if the expression is wrong or its automaton too large */
    static CharAutomaton ofRegex(String pattern, String field) {
        RegexNode node = RegexParser.parse(pattern, field);
        require(node.size() <= LARGEST, field, "an expression too long when written out", "a shorter one");
        return determinised(CharNetwork.of(node), field);
    }

    private static CharAutomaton determinised(CharNetwork network, String field) {
        List<CodePoints> classes = classes(network.sets());
        int[] member = classes.stream()
                .mapToInt(set -> set.ranges().getFirst().first())
                .toArray();
        Map<BitSet, Integer> numbers = new HashMap<>();
        List<BitSet> states = new ArrayList<>();
        List<int[]> next = new ArrayList<>();
        numbers.put(network.start(), 0);
        states.add(network.start());
        long work = 0;
        for (int state = 0; state < states.size(); state++) {
            int[] row = new int[classes.size()];
            for (int c = 0; c < row.length; c++) {
                work += states.get(state).cardinality() + network.size() / Long.SIZE;
                require(
                        work <= MOST_WORK && states.size() <= MOST_STATES,
                        field,
                        "an expression whose automaton is too large",
                        "one of at most " + MOST_STATES + " states");
                BitSet target = network.step(states.get(state), member[c]);
                row[c] = target.isEmpty()
                        ? -1
                        : numbers.computeIfAbsent(target, added -> {
                            states.add(added);
                            return states.size() - 1;
                        });
            }
            next.add(row);
        }
        boolean[] accepting = new boolean[states.size()];
        for (int state = 0; state < accepting.length; state++) {
            accepting[state] = states.get(state).get(network.exit());
        }
        return new CharAutomaton(classes, next.toArray(int[][]::new), accepting);
    }

    /** The coarsest parts of all characters that no set cuts in two; what is in no set is in no part. */
    private static List<CodePoints> classes(List<CodePoints> sets) {
        BitSet cuts = new BitSet();
        for (CodePoints set : sets) {
            for (Range range : set.ranges()) {
                cuts.set(range.first());
                cuts.set(range.last() + 1);
            }
        }
        Map<BitSet, List<Range>> parts = new LinkedHashMap<>();
        for (int first = cuts.nextSetBit(0); first >= 0; first = cuts.nextSetBit(first + 1)) {
            int end = cuts.nextSetBit(first + 1);
            BitSet in = new BitSet();
            for (int i = 0; i < sets.size(); i++) {
                in.set(i, sets.get(i).contains(first));
            }
            if (!in.isEmpty()) {
                parts.computeIfAbsent(in, _ -> new ArrayList<>()).add(new Range(first, end - 1));
            }
        }
        return parts.values().stream().map(CodePoints::ofRanges).toList();
    }

    /** Writes the automaton between two states of a network. */
    void write(Characters characters, int from, int to) {
        int[] states = states(characters.builder, accepting.length, from);
        for (int state = 0; state < states.length; state++) {
            write(characters, states[state], state, states);
            if (accepting[state]) {
                characters.builder.jump(states[state], to);
            }
        }
    }

    /** Those of its texts that have from {@code least} to {@code most} characters: one layer of states for each length. */
    void write(Characters characters, int from, int to, int least, int most) {
        int[] layer = states(characters.builder, accepting.length, from);
        for (int length = 0; length <= most; length++) {
            int[] following = length == most ? new int[0] : states(characters.builder, accepting.length, -1);
            for (int state = 0; state < layer.length; state++) {
                if (length < most) {
                    write(characters, layer[state], state, following);
                }
                if (accepting[state] && length >= least) {
                    characters.builder.jump(layer[state], to);
                }
            }
            layer = following;
        }
    }

    private static int[] states(NetworkBuilder builder, int count, int from) {
        int[] states = new int[count];
        for (int i = 0; i < count; i++) {
            states[i] = builder.state();
        }
        if (from >= 0) {
            builder.jump(from, states[0]);
        }
        return states;
    }

    private void write(Characters characters, int from, int state, int[] targets) {
        Map<Integer, CodePoints> byTarget = new LinkedHashMap<>();
        for (int c = 0; c < classes.size(); c++) {
            if (next[state][c] >= 0) {
                byTarget.merge(next[state][c], classes.get(c), CodePoints::union);
            }
        }
        byTarget.forEach((target, set) -> characters.write(from, set, targets[target]));
    }
}
