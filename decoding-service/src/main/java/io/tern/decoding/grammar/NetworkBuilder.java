package io.tern.decoding.grammar;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.decoding.grammar.Network.ByteEdge;
import io.tern.decoding.grammar.Network.CallEdge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/** Builds a network piece by piece, each from one state to another. Bounded in size. Owned by one compilation. */
final class NetworkBuilder {
    /** Of a large schema a few thousand; so many are built in some ten milliseconds. */
    private static final int MOST_STATES = 100_000;

    private final String field;
    private final List<List<ByteEdge>> bytes = new ArrayList<>();
    private final List<List<Integer>> jumps = new ArrayList<>();
    private final List<List<CallEdge>> calls = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();

    /** @param field of the request that the network is made from, for errors */
    NetworkBuilder(String field) {
        this.field = field;
    }

    /** An automaton of its own, called by its number. */
    record Rule(int number, int entry, int exit) {}

    String field() {
        return field;
    }

    /** @throws TernException INVALID_ARGUMENT beyond the bound */
    int state() {
        require(
                bytes.size() < MOST_STATES,
                field,
                "a grammar of more than " + MOST_STATES + " states",
                "a smaller one");
        bytes.add(new ArrayList<>(1));
        jumps.add(new ArrayList<>(0));
        calls.add(new ArrayList<>(0));
        return bytes.size() - 1;
    }

    Rule rule() {
        Rule rule = new Rule(rules.size(), state(), state());
        rules.add(rule);
        return rule;
    }

    /** @param first unsigned, as is {@code last}; both belong to the edge */
    void bytes(int from, int first, int last, int to) {
        bytes.get(from).add(new ByteEdge(first, last, to));
    }

    void jump(int from, int to) {
        jumps.get(from).add(to);
    }

    void call(int from, Rule rule, int to) {
        calls.get(from).add(new CallEdge(rule.number(), to));
    }

    void literal(int from, String text, int to) {
        int at = from;
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (byte b : utf8) {
            int next = state();
            bytes(at, Byte.toUnsignedInt(b), Byte.toUnsignedInt(b), next);
            at = next;
        }
        jump(at, to);
    }

    /** Any one of the texts, as a trie, so that those with one beginning share it. */
    void anyOf(int from, List<String> texts, int to) {
        int root = state(); // of nothing but this trie, so that an edge that is there is one of its own
        jump(from, root);
        for (String text : texts) {
            int at = root;
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                at = child(at, Byte.toUnsignedInt(b));
            }
            jump(at, to);
        }
    }

    private int child(int at, int value) {
        for (ByteEdge edge : bytes.get(at)) {
            if (edge.first() == value) {
                return edge.target();
            }
        }
        int next = state();
        bytes(at, value, value, next);
        return next;
    }

    /** @throws TernException INVALID_ARGUMENT if no text can satisfy it, or a rule calls itself without reading */
    Network build(Rule start) {
        BitSet live = reaching(_ -> true);
        require(live.get(start.entry()), field, "a grammar that no text satisfies", "one that some text does");
        refuseLeftRecursion();
        int count = bytes.size();
        ByteEdge[][] keptBytes = new ByteEdge[count][];
        int[][] keptJumps = new int[count][];
        CallEdge[][] keptCalls = new CallEdge[count][];
        boolean[] isExit = new boolean[count];
        for (int state = 0; state < count; state++) {
            keptBytes[state] = bytes.get(state).stream()
                    .filter(edge -> live.get(edge.target()))
                    .toArray(ByteEdge[]::new);
            keptJumps[state] = jumps.get(state).stream()
                    .mapToInt(Integer::intValue)
                    .filter(live::get)
                    .toArray();
            keptCalls[state] = calls.get(state).stream()
                    .filter(edge -> live.get(edge.target())
                            && live.get(rules.get(edge.rule()).entry()))
                    .toArray(CallEdge[]::new);
        }
        rules.forEach(rule -> isExit[rule.exit()] = true);
        int[] entries = rules.stream().mapToInt(Rule::entry).toArray();
        return new Network(keptBytes, keptJumps, keptCalls, entries, isExit, start.entry());
    }

    /** States from which their rule's exit can be reached by calls and jumps and, where allowed, by bytes. */
    private BitSet reaching(IntPredicate byBytes) {
        List<List<Integer>> sources = new ArrayList<>();
        List<List<Integer>> callers = new ArrayList<>();
        for (int state = 0; state < bytes.size(); state++) {
            sources.add(new ArrayList<>(1));
            callers.add(List.of());
        }
        rules.forEach(rule -> callers.set(rule.entry(), new ArrayList<>()));
        for (int state = 0; state < bytes.size(); state++) {
            int from = state;
            if (byBytes.test(state)) {
                bytes.get(state).forEach(edge -> sources.get(edge.target()).add(from));
            }
            jumps.get(state).forEach(target -> sources.get(target).add(from));
            calls.get(state).forEach(edge -> {
                sources.get(edge.target()).add(from);
                callers.get(rules.get(edge.rule()).entry()).add(from);
            });
        }
        BitSet reached = new BitSet();
        List<Integer> work = new ArrayList<>();
        rules.forEach(rule -> work.add(rule.exit()));
        while (!work.isEmpty()) {
            int state = work.removeLast();
            if (!reached.get(state)) {
                reached.set(state);
                sources.get(state).stream()
                        .filter(source -> leads(source, reached, byBytes))
                        .forEach(work::add);
                callers.get(state).stream()
                        .filter(source -> leads(source, reached, byBytes))
                        .forEach(work::add);
            }
        }
        return reached;
    }

    private boolean leads(int state, BitSet reached, IntPredicate byBytes) {
        return (byBytes.test(state) && bytes.get(state).stream().anyMatch(edge -> reached.get(edge.target())))
                || jumps.get(state).stream().anyMatch(reached::get)
                || calls.get(state).stream()
                        .anyMatch(edge -> reached.get(edge.target())
                                && reached.get(rules.get(edge.rule()).entry()));
    }

    /** A rule that is called before a byte was read must come later in some order of all rules. */
    private void refuseLeftRecursion() {
        BitSet nullable = reaching(_ -> false);
        List<BitSet> firstCalls = new ArrayList<>();
        int[] callers = new int[rules.size()];
        for (Rule rule : rules) {
            BitSet called = firstCalls(rule, nullable);
            firstCalls.add(called);
            called.stream().forEach(callee -> callers[callee]++);
        }
        List<Integer> free = new ArrayList<>();
        for (int rule = 0; rule < callers.length; rule++) {
            if (callers[rule] == 0) {
                free.add(rule);
            }
        }
        int ordered = 0;
        while (!free.isEmpty()) {
            ordered++;
            firstCalls.get(free.removeLast()).stream().forEach(callee -> {
                if (--callers[callee] == 0) {
                    free.add(callee);
                }
            });
        }
        require(ordered == rules.size(), field, "a reference to itself", "something between them");
    }

    private BitSet firstCalls(Rule rule, BitSet nullable) {
        BitSet called = new BitSet();
        BitSet seen = new BitSet();
        List<Integer> work = new ArrayList<>(List.of(rule.entry()));
        while (!work.isEmpty()) {
            int state = work.removeLast();
            if (!seen.get(state)) {
                seen.set(state);
                work.addAll(jumps.get(state));
                calls.get(state).forEach(edge -> {
                    called.set(edge.rule());
                    if (nullable.get(rules.get(edge.rule()).entry())) {
                        work.add(edge.target());
                    }
                });
            }
        }
        return called;
    }
}
