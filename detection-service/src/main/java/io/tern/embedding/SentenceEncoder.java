package io.tern.embedding;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.detection.network.RawGraph;
import io.tern.tensor.FloatTensor;
import io.tern.text.encoder.WordPieceTokenizer;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Makes a vector of a text: tokens, a transformer, the mean of its hidden states, scaled to length 1. Reimers &amp;
 * Gurevych 2019, section 3. A text has the same bits alone and among others. Safe for several threads.
 */
public final class SentenceEncoder implements AutoCloseable {
    /** Tokens of a run: enough that reading the weights is not what it waits for, and few enough to be cancelled soon. */
    private static final int TOKENS_AT_ONCE = 1024;

    private final WordPieceTokenizer tokenizer;
    private final TokenNetwork network;
    private final int mostTokens;
    private final int width;

    /**
     * @param mostTokens of a text, its frame included
     * @param width of the network's hidden states
     */
    public SentenceEncoder(WordPieceTokenizer tokenizer, TokenNetwork network, int mostTokens, int width) {
        this.tokenizer = tokenizer;
        this.network = network;
        this.mostTokens = mostTokens;
        this.width = width;
    }

    /** Values of a vector. */
    public int width() {
        return width;
    }

    /** The network's own tensors: tokens in, hidden states out. */
    public Optional<RawGraph> graph() {
        return network.graph();
    }

    /** Token ids are below it. */
    public int vocabularySize() {
        return tokenizer.vocabularySize();
    }

    /** Longest text, in tokens with their frame. */
    public int mostTokens() {
        return mostTokens;
    }

    /**
     * @param field of the request, for messages: {@code input[2]}
     * @throws TernException INVALID_ARGUMENT for a text that is empty or too long
     */
    public int[] tokenize(String field, String text) {
        TernException.require(!text.isEmpty(), field, "empty", "a text");
        int[] ids = tokenizer.encodeWhole(text);
        TernException.require(ids.length <= mostTokens, field, ids.length + " tokens", "at most " + mostTokens);
        return ids;
    }

    /**
     * Tokens that somebody else has made.
     *
     * @throws TernException INVALID_ARGUMENT for none, too many, or an id that the vocabulary has not
     */
    public int[] checked(String field, int[] ids) {
        TernException.require(
                0 < ids.length && ids.length <= mostTokens, field, ids.length + " tokens", "1.." + mostTokens);
        for (int id : ids) {
            TernException.require(
                    0 <= id && id < tokenizer.vocabularySize(),
                    field,
                    "token " + id,
                    "0.." + (tokenizer.vocabularySize() - 1));
        }
        return ids;
    }

    /**
     * Call it on a platform thread.
     *
     * @param texts token ids from {@link #tokenize} or {@link #checked}
     * @return unit vectors in the texts' order
     * @throws TernException CANCELLED or DEADLINE_EXCEEDED
     */
    public List<float[]> encode(List<int[]> texts, Cancellation cancellation) {
        List<float[]> vectors = new ArrayList<>(Collections.nCopies(texts.size(), new float[0]));
        for (List<Integer> group : LengthGroups.of(texts, TOKENS_AT_ONCE)) {
            cancellation.throwIfCancelled();
            try (Arena call = Arena.ofConfined()) {
                FloatTensor hidden =
                        network.hiddenStates(group.stream().map(texts::get).toList(), call, cancellation);
                for (int row = 0; row < group.size(); row++) {
                    vectors.set(group.get(row), UnitVectors.normalize(mean(hidden.row(row))));
                }
            }
        }
        return vectors;
    }

    /** Over the tokens, summed in double so that the order does not matter to a float. */
    private float[] mean(FloatTensor hidden) {
        float[] values = hidden.toArray();
        double[] sums = new double[width];
        for (int i = 0; i < values.length; i++) {
            sums[i % width] += values[i];
        }
        float[] mean = new float[width];
        for (int i = 0; i < width; i++) {
            mean[i] = (float) (sums[i] * width / values.length);
        }
        return mean;
    }

    @Override
    public void close() {
        network.close();
    }

    /** Whether a text has the same bits alone and in company on this machine; also warms the network up. */
    public boolean repeatsItself() {
        List<int[]> texts = new ArrayList<>();
        for (int length : new int[] {3, 9, 9, 9, 9, 9, 33, 33}) {
            int[] ids = new int[length];
            Arrays.setAll(ids, i -> (7919 * (i + 1) * (texts.size() + 1)) % tokenizer.vocabularySize());
            texts.add(ids);
        }
        List<float[]> together = encode(texts, Cancellation.none());
        for (int i = 0; i < texts.size(); i++) {
            float[] alone = encode(List.of(texts.get(i)), Cancellation.none()).getFirst();
            if (!Arrays.equals(alone, together.get(i))) {
                return false;
            }
        }
        return true;
    }
}
