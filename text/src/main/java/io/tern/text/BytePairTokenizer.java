package io.tern.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Byte-level byte-pair encoding (Sennrich et al. 2016; Radford et al. 2019). A text is cut at control tokens, then into
 * pieces ({@link PreTokenization}); the UTF-8 bytes of each piece are merged pair by pair in the order in which the
 * merges were learnt. A byte that the vocabulary lacks is left out, as the reference library does: SmolLM's lacks the
 * controls 04, 06, 13, 14, 16 and 1d and bytes that begin no assigned character.
 */
public final class BytePairTokenizer implements Tokenizer {
    private static final byte[] REPLACEMENT = "\ufffd".getBytes(StandardCharsets.UTF_8);

    private final byte[][] bytes;
    private final boolean[] control;
    private final int[] idOfByte = new int[256];
    private final PairTable pairs;
    private final AddedTokens added;
    private final PreTokenization preTokenization;
    private final int[] beginning;
    /** Pieces that are tokens as they are, whatever the merges say; empty where merges alone decide. */
    private final Map<String, Integer> wholePieces;

    BytePairTokenizer(
            Map<String, Integer> vocabulary,
            List<String> merges,
            Map<String, Integer> addedTokens,
            Specials specials,
            PreTokenization preTokenization) {
        this.preTokenization = preTokenization;
        this.beginning = specials.beginning();
        this.wholePieces = specials.wholePieces() ? Map.copyOf(vocabulary) : Map.of();
        this.added = new AddedTokens(addedTokens);
        int size = 1 + Collections.max(vocabulary.values());
        size = addedTokens.isEmpty() ? size : Math.max(size, 1 + Collections.max(addedTokens.values()));
        this.bytes = new byte[size][];
        this.control = new boolean[size];
        Arrays.fill(bytes, new byte[0]); // an id that no token has is no text
        vocabulary.forEach((token, id) -> {
            if (!addedTokens.containsKey(token)) {
                bytes[id] = ByteAlphabet.bytes(token);
            }
        });
        addedTokens.forEach((token, id) -> {
            bytes[id] = token.getBytes(StandardCharsets.UTF_8);
            control[id] = !specials.text().contains(token);
        });
        for (int b = 0; b < idOfByte.length; b++) {
            idOfByte[b] = vocabulary.getOrDefault(String.valueOf(ByteAlphabet.character(b)), -1);
        }
        this.pairs = pairs(vocabulary, merges);
    }

    /**
     * From the lists that a GGUF file holds.
     *
     * @param vocabulary tokens in the order of their ids, bytes as printable characters
     * @param merges {@code "left right"}, the first learnt first
     * @param addedTokens the tokens of the vocabulary that are cut out of a text first
     * @param specials what else is special
     * @throws IllegalArgumentException if they do not belong together
     */
    public static BytePairTokenizer of(
            List<String> vocabulary,
            List<String> merges,
            Collection<String> addedTokens,
            Specials specials,
            PreTokenization preTokenization) {
        if (vocabulary.isEmpty()) {
            throw new IllegalArgumentException("vocabulary: no tokens (expected: at least one)");
        }
        Map<String, Integer> ids = HashMap.newHashMap(vocabulary.size());
        for (int id = 0; id < vocabulary.size(); id++) {
            ids.putIfAbsent(vocabulary.get(id), id);
        }
        Map<String, Integer> added = new TreeMap<>();
        for (String token : addedTokens) {
            added.put(token, idOf(ids, token));
        }
        return new BytePairTokenizer(ids, merges, added, specials, preTokenization);
    }

    /**
     * From a tokenizer.json.
     *
     * @throws IllegalArgumentException if the file asks for anything that is not built here; the message names it
     */
    public static BytePairTokenizer load(Path tokenizerJson) throws IOException {
        return BytePairFile.read(TokenizerFile.read(tokenizerJson));
    }

    @Override
    public int[] encode(MarkedText text) {
        IntStream.Builder ids = IntStream.builder();
        MergeWork work = new MergeWork(pairs);
        // A piece may reach over the border of two parts, so that ids are those of the whole text.
        StringBuilder ordinary = new StringBuilder();
        for (MarkedText.Part part : text.parts()) {
            if (part.trusted()) {
                added.split(part.text(), ordinary::append, id -> {
                    encodeOrdinary(ordinary, work, ids);
                    ids.accept(id);
                });
            } else {
                ordinary.append(part.text());
            }
        }
        encodeOrdinary(ordinary, work, ids);
        return ids.build().toArray();
    }

    @Override
    public int[] beginning() {
        return beginning.clone();
    }

    @Override
    public byte[] bytes(int id) {
        return bytes[requireId(id)].clone();
    }

    @Override
    public boolean isControl(int id) {
        return control[requireId(id)];
    }

    @Override
    public int vocabularySize() {
        return bytes.length;
    }

    private int requireId(int id) {
        if (id < 0 || id >= bytes.length) {
            throw new IllegalArgumentException("token id: " + id + " (expected: 0.." + (bytes.length - 1) + ")");
        }
        return id;
    }

    /** Encodes and empties the text. */
    private void encodeOrdinary(StringBuilder text, MergeWork work, IntConsumer ids) {
        CharsetEncoder utf8 = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE) // half a surrogate pair
                .replaceWith(REPLACEMENT);
        preTokenization.split(text.toString(), piece -> {
            ByteBuffer encoded = encode(utf8, piece);
            int whole = wholePieces.isEmpty() ? -1 : wholePieces.getOrDefault(characters(encoded), -1);
            if (whole >= 0) {
                ids.accept(whole);
                return;
            }
            while (encoded.hasRemaining()) {
                int id = idOfByte[Byte.toUnsignedInt(encoded.get())];
                if (id >= 0) {
                    work.add(id);
                }
            }
            work.finish(ids);
        });
        text.setLength(0);
    }

    /** The bytes as a vocabulary writes them. */
    private static String characters(ByteBuffer encoded) {
        StringBuilder characters = new StringBuilder(encoded.remaining());
        for (int i = encoded.position(); i < encoded.limit(); i++) {
            characters.append(ByteAlphabet.character(Byte.toUnsignedInt(encoded.get(i))));
        }
        return characters.toString();
    }

    /**
     * What is not said by vocabulary and merges.
     *
     * @param text added tokens that are text all the same, as {@code <think>}
     * @param beginning ids that stand before a whole text
     * @param wholePieces whether a piece that is a token is taken whole before any merging
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Specials(Set<String> text, int[] beginning, boolean wholePieces) {
        public static final Specials NONE = new Specials(Set.of(), new int[0], false);
    }

    private static ByteBuffer encode(CharsetEncoder utf8, String piece) {
        try {
            return utf8.encode(CharBuffer.wrap(piece));
        } catch (CharacterCodingException e) {
            throw new AssertionError("malformed text is replaced", e);
        }
    }

    private static PairTable pairs(Map<String, Integer> vocabulary, List<String> merges) {
        PairTable pairs = new PairTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            String merge = merges.get(rank);
            int space = merge.indexOf(' ', 1);
            if (space < 0) {
                throw new IllegalArgumentException("merge " + rank + ": " + merge + " (expected: two tokens)");
            }
            String left = merge.substring(0, space);
            String right = merge.substring(space + 1);
            pairs.put(idOf(vocabulary, left), idOf(vocabulary, right), rank, idOf(vocabulary, left + right));
        }
        return pairs;
    }

    private static int idOf(Map<String, Integer> vocabulary, String token) {
        int id = vocabulary.getOrDefault(token, -1);
        if (id < 0) {
            throw new IllegalArgumentException("token: " + token + " (expected: one of the vocabulary)");
        }
        return id;
    }
}
