package io.tern.decoding.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.sampling.Constraint;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TokenGrammarTest {
    private static final String SCHEMA = """
        {"type": "object", "properties": {"name": {"type": "string", "maxLength": 9}, "n": {"type": "integer", "minimum": 3}},
         "required": ["name"], "additionalProperties": {"type": "array", "items": {"type": "boolean"}}}\
        """;

    /** The trie's mask against each token read by itself. */
    @Test
    void masksExactlyTheTokensWhoseBytesCanBeRead() {
        Random random = new Random(1);
        GrammarMachine machine = machine();
        GrammarState state = machine.start();
        for (int step = 0; step < 12; step++) {
            BitSet mask = BitSet.valueOf(machine.allowed(state));
            BitSet expected = new BitSet();
            for (int token = 0; token < Grammars.TOKENIZER.vocabularySize(); token++) {
                expected.set(token, canCome(machine, state, token));
            }
            assertThat(mask).isEqualTo(expected);
            int[] allowed = mask.stream().filter(token -> token != Grammars.END).toArray();
            if (allowed.length == 0) {
                return;
            }
            state = machine.accept(state, allowed[random.nextInt(allowed.length)]);
        }
    }

    private static boolean canCome(GrammarMachine machine, GrammarState state, int token) {
        if (token == Grammars.END) {
            return state.mayEnd();
        }
        if (Grammars.TOKENIZER.isControl(token)) {
            return false;
        }
        GrammarState at = state;
        for (byte b : Grammars.TOKENIZER.bytes(token)) {
            at = machine.step(at, Byte.toUnsignedInt(b));
        }
        return !at.isDead();
    }

    @Test
    void forksGoTheirOwnWays() {
        TokenGrammar grammar = Grammar.ofChoice(List.of("ab", "cd"), "choice").over(Grammars.VOCABULARY);
        Constraint one = grammar.open();
        Constraint other = one.fork();
        one.accept(Grammars.TOKENIZER.encode("a")[0]);
        assertThat(allowed(one)).containsExactly(Grammars.TOKENIZER.encode("b")[0]);
        assertThat(allowed(other))
                .contains(Grammars.TOKENIZER.encode("c")[0], Grammars.TOKENIZER.encode("ab")[0]);
        one.accept(Grammars.TOKENIZER.encode("b")[0]);
        assertThat(allowed(one)).containsExactly(Grammars.END);
    }

    private static int[] allowed(Constraint constraint) {
        float[] logits = new float[Grammars.TOKENIZER.vocabularySize()];
        constraint.apply(logits);
        BitSet kept = new BitSet();
        for (int token = 0; token < logits.length; token++) {
            kept.set(token, logits[token] == 0);
        }
        return kept.stream().toArray();
    }

    /** So long that the machine begins anew several times. */
    @Test
    void forgetsAndGoesOn() {
        GrammarMachine machine = Grammars.machine(Grammar.ofJsonSchema(
                JsonMapper.shared().readTree("{\"type\": \"string\", \"maxLength\": 20000}"), "schema"));
        GrammarState state = machine.accept(machine.start(), Grammars.TOKENIZER.encode("\"")[0]);
        int token = Grammars.TOKENIZER.encode("a")[0];
        for (int i = 0; i < 20_000; i++) {
            if (i % 40 == 0) {
                assertThat(BitSet.valueOf(machine.allowed(state)).get(token)).isTrue();
            }
            state = machine.accept(state, token);
        }
        assertThat(BitSet.valueOf(machine.allowed(state)).stream().toArray())
                .containsExactly(Grammars.TOKENIZER.encode("\"")[0]);
    }

    @Test
    void servesManyTextsAtOnce() throws Exception {
        GrammarMachine shared = machine();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<byte[]>> tasks = new ArrayList<>();
            for (int seed = 0; seed < 32; seed++) {
                int one = seed;
                tasks.add(() -> Grammars.randomText(shared, new Random(one), 200));
            }
            List<Future<byte[]>> texts = threads.invokeAll(tasks);
            for (int seed = 0; seed < texts.size(); seed++) {
                assertThat(texts.get(seed).get()).isEqualTo(Grammars.randomText(machine(), new Random(seed), 200));
            }
        }
    }

    private static GrammarMachine machine() {
        return Grammars.machine(Grammar.ofJsonSchema(JsonMapper.shared().readTree(SCHEMA), "schema"));
    }
}
