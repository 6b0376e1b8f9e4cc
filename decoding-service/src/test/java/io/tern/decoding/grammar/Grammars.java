package io.tern.decoding.grammar;

import io.tern.text.Tokenizer;
import io.tern.text.piece.PieceTokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** Grammars over SmolLM's vocabulary, for tests. */
final class Grammars {
    static final int END = 2;
    static final Tokenizer TOKENIZER = tokenizer();
    static final VocabularyTrie VOCABULARY = vocabulary(TOKENIZER);

    private Grammars() {}

    private static Tokenizer tokenizer() {
        try {
            return PieceTokenizer.load(
                    Path.of(System.getProperty("tern.root"), "models/golden/decoding/tokenizer.json"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static VocabularyTrie vocabulary(Tokenizer tokenizer) {
        byte[][] bytes = new byte[tokenizer.vocabularySize()][];
        for (int id = 0; id < bytes.length; id++) {
            bytes[id] = tokenizer.bytes(id);
        }
        return new VocabularyTrie(bytes, tokenizer::isControl, List.of(END));
    }

    static GrammarMachine machine(Grammar grammar) {
        return grammar.machine(VOCABULARY);
    }

    static boolean accepts(GrammarMachine machine, String text) {
        GrammarState state = machine.start();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            state = machine.step(state, Byte.toUnsignedInt(b));
        }
        return state.mayEnd();
    }

    static boolean accepts(Grammar grammar, String text) {
        return accepts(machine(grammar), text);
    }

    /**
     * Tokens drawn from those that are allowed, till the end; mostly short ones, so that it comes.
     *
     * @return the text, or null if it did not end within the limit
     */
    static byte[] randomText(GrammarMachine machine, Random random, int mostTokens) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        GrammarState state = machine.start();
        for (int count = 0; count < mostTokens; count++) {
            BitSet allowed = BitSet.valueOf(machine.allowed(state));
            int token = draw(allowed, random);
            if (token == END) {
                return text.toByteArray();
            }
            text.writeBytes(TOKENIZER.bytes(token));
            state = machine.accept(state, token);
        }
        return null;
    }

    private static int draw(BitSet allowed, Random random) {
        if (allowed.get(END) && random.nextBoolean()) {
            return END;
        }
        List<Integer> all = allowed.stream().boxed().toList();
        List<Integer> ends = all.stream()
                .filter(token -> {
                    byte[] bytes = TOKENIZER.bytes(token);
                    return bytes.length == 1 && "\"]},@".indexOf(bytes[0]) >= 0;
                })
                .toList();
        List<Integer> from = !ends.isEmpty() && random.nextInt(3) > 0 ? ends : all;
        return from.get(random.nextInt(from.size()));
    }
}
