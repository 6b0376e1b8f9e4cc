package io.tern.decoding;

import io.tern.text.MarkedText;
import io.tern.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Tokens are given pieces of bytes; the last one is the control token that ends texts. Encodes single letters only. */
public final class FakeTokenizer implements Tokenizer {
    private final List<byte[]> pieces;
    private final List<Integer> beginning;

    public FakeTokenizer(List<byte[]> pieces) {
        this(pieces, List.of());
    }

    private FakeTokenizer(List<byte[]> pieces, List<Integer> beginning) {
        this.pieces = List.copyOf(pieces);
        this.beginning = List.copyOf(beginning);
    }

    /** The same, of a model that has every text begin with these. */
    public FakeTokenizer beginningWith(Integer... ids) {
        return new FakeTokenizer(pieces, List.of(ids));
    }

    /** Letters, pairs of letters, halves of characters, and an end: sixteen pieces. */
    public static FakeTokenizer small() {
        List<byte[]> pieces = new ArrayList<>();
        for (String text : List.of("a", "b", "c", "d", "ab", "bc", "cd", "da", " ", "\n", "é", "abc")) {
            pieces.add(text.getBytes(StandardCharsets.UTF_8));
        }
        pieces.add(new byte[] {(byte) 0xf0, (byte) 0x9f});
        pieces.add(new byte[] {(byte) 0x8e, (byte) 0x89});
        pieces.add(new byte[] {(byte) 0x80});
        pieces.add("<end>".getBytes(StandardCharsets.UTF_8));
        return new FakeTokenizer(pieces);
    }

    @Override
    public int[] beginning() {
        return beginning.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public int[] encode(MarkedText text) {
        return text.text().codePoints().map(c -> find(Character.toString(c))).toArray();
    }

    private int find(String letter) {
        for (int id = 0; id < pieces.size(); id++) {
            if (new String(pieces.get(id), StandardCharsets.UTF_8).equals(letter)) {
                return id;
            }
        }
        throw new IllegalArgumentException("no token for " + letter);
    }

    @Override
    public byte[] bytes(int id) {
        return pieces.get(id).clone();
    }

    @Override
    public boolean isControl(int id) {
        return id == pieces.size() - 1;
    }

    @Override
    public int vocabularySize() {
        return pieces.size();
    }
}
