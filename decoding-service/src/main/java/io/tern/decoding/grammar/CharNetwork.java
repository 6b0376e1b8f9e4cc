package io.tern.decoding.grammar;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A nondeterministic finite automaton over characters (Thompson 1968). */
final class CharNetwork {
    private static final int ENTRY = 0;

    /** Of each state: the characters that lead to {@code targets}; null for a state that has only jumps. */
    private final List<CodePoints> sets = new ArrayList<>();

    private final List<Integer> targets = new ArrayList<>();
    private final List<List<Integer>> jumps = new ArrayList<>();
    private int exit;

    private CharNetwork() {}

    static CharNetwork of(RegexNode node) {
        CharNetwork network = new CharNetwork();
        int entry = network.state();
        network.exit = network.append(node, entry);
        return network;
    }

    /** The different sets on its edges. */
    List<CodePoints> sets() {
        Set<CodePoints> distinct = new LinkedHashSet<>(sets);
        distinct.remove(CodePoints.NONE);
        return List.copyOf(distinct);
    }

    /** Number of states. */
    int size() {
        return sets.size();
    }

    BitSet start() {
        BitSet states = new BitSet();
        enter(ENTRY, states);
        return states;
    }

    int exit() {
        return exit;
    }

    BitSet step(BitSet states, int codePoint) {
        BitSet reached = new BitSet();
        for (int state = states.nextSetBit(0); state >= 0; state = states.nextSetBit(state + 1)) {
            if (sets.get(state).contains(codePoint)) {
                enter(targets.get(state), reached);
            }
        }
        return reached;
    }

    /** Adds a state and those that are reached from it without reading. */
    private void enter(int state, BitSet states) {
        List<Integer> work = new ArrayList<>(List.of(state));
        while (!work.isEmpty()) {
            int next = work.removeLast();
            if (!states.get(next)) {
                states.set(next);
                work.addAll(jumps.get(next));
            }
        }
    }

    private int state() {
        sets.add(CodePoints.NONE);
        targets.add(-1);
        jumps.add(new ArrayList<>(1));
        return sets.size() - 1;
    }

    /** Appends what the node reads behind a state that reads nothing yet; returns the state behind it. */
    private int append(RegexNode node, int from) {
        return switch (node) {
            case RegexNode.One(CodePoints set) -> {
                int to = state();
                int reader = state();
                sets.set(reader, set);
                targets.set(reader, to);
                jumps.get(from).add(reader);
                yield to;
            }
            case RegexNode.Sequence(List<RegexNode> parts) -> {
                int at = from;
                for (RegexNode part : parts) {
                    at = append(part, at);
                }
                yield at;
            }
            case RegexNode.Alternatives(List<RegexNode> options) -> {
                int to = state();
                for (RegexNode option : options) {
                    int begin = state();
                    jumps.get(from).add(begin);
                    jumps.get(append(option, begin)).add(to);
                }
                yield to;
            }
            case RegexNode.Repeated repeated -> repeated(repeated, from);
        };
    }

    private int repeated(RegexNode.Repeated repeated, int from) {
        int at = from;
        for (int i = 0; i < repeated.least(); i++) {
            at = append(repeated.part(), at);
        }
        int to = state();
        if (repeated.most() == RegexNode.UNBOUNDED) {
            int loop = state();
            jumps.get(at).add(loop);
            jumps.get(append(repeated.part(), loop)).add(loop);
            jumps.get(loop).add(to);
            return to;
        }
        for (int i = repeated.least(); i < repeated.most(); i++) {
            jumps.get(at).add(to);
            int begin = state();
            jumps.get(at).add(begin);
            at = append(repeated.part(), begin);
        }
        jumps.get(at).add(to);
        return to;
    }
}
