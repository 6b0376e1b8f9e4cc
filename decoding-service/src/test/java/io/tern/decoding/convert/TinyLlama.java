package io.tern.decoding.convert;

import io.tern.decoding.gguf.BlockType;
import io.tern.decoding.gguf.GgufWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A llama of 100,000 random weights: every kind of tensor, every block type, small enough for tests. */
public final class TinyLlama {
    public static final int LAYERS = 2;
    public static final int WIDTH = 64;
    public static final int FEED_FORWARD = 96;
    public static final int HEADS = 4;
    public static final int KEY_VALUE_HEADS = 2;
    public static final int HEAD_SIZE = WIDTH / HEADS;
    public static final int VOCABULARY = 80;
    public static final int CONTEXT = 128;
    public static final int END_TOKEN = 7;
    static final float ROPE_BASE = 1000;
    static final float EPSILON = 1e-5f;

    private TinyLlama() {}

    /** With the embedding as its head. */
    public static GgufWriter tied(long seed) {
        Random random = new Random(seed);
        GgufWriter file = metadata(new GgufWriter());
        file.tensor("token_embd.weight", BlockType.Q8_0, matrix(random, VOCABULARY, WIDTH, 1));
        for (int layer = 0; layer < LAYERS; layer++) {
            layer(file, random, "blk." + layer + ".");
        }
        return file.tensor("output_norm.weight", BlockType.F32, norm(random));
    }

    /** With a head of its own. */
    static GgufWriter untied(long seed) {
        return tied(seed).tensor("output.weight", BlockType.F16, matrix(new Random(~seed), VOCABULARY, WIDTH, 1));
    }

    private static GgufWriter metadata(GgufWriter file) {
        return file.text("general.architecture", "llama")
                .whole("llama.block_count", LAYERS)
                .whole("llama.context_length", CONTEXT)
                .whole("llama.embedding_length", WIDTH)
                .whole("llama.feed_forward_length", FEED_FORWARD)
                .whole("llama.attention.head_count", HEADS)
                .whole("llama.attention.head_count_kv", KEY_VALUE_HEADS)
                .real("llama.rope.freq_base", ROPE_BASE)
                .real("llama.attention.layer_norm_rms_epsilon", EPSILON)
                .whole("llama.rope.dimension_count", HEAD_SIZE)
                .whole("tokenizer.ggml.eos_token_id", END_TOKEN);
    }

    private static void layer(GgufWriter file, Random random, String block) {
        int keyValueWidth = KEY_VALUE_HEADS * HEAD_SIZE;
        file.tensor(block + "attn_norm.weight", BlockType.F32, norm(random))
                .tensor(block + "attn_q.weight", BlockType.Q4_1, matrix(random, WIDTH, WIDTH, 0.15))
                .tensor(block + "attn_k.weight", BlockType.Q4_1, matrix(random, keyValueWidth, WIDTH, 0.15))
                .tensor(block + "attn_v.weight", BlockType.Q8_0, matrix(random, keyValueWidth, WIDTH, 0.2))
                .tensor(block + "attn_output.weight", BlockType.F16, matrix(random, WIDTH, WIDTH, 0.2))
                .tensor(block + "ffn_norm.weight", BlockType.F32, norm(random))
                .tensor(block + "ffn_gate.weight", BlockType.Q4_1, matrix(random, FEED_FORWARD, WIDTH, 0.2))
                .tensor(block + "ffn_up.weight", BlockType.Q8_0, matrix(random, FEED_FORWARD, WIDTH, 0.2))
                .tensor(block + "ffn_down.weight", BlockType.F32, matrix(random, WIDTH, FEED_FORWARD, 0.2));
    }

    private static float[][] norm(Random random) {
        float[][] weights = matrix(random, 1, WIDTH, 0.1);
        for (int i = 0; i < WIDTH; i++) {
            weights[0][i] += 1;
        }
        return weights;
    }

    private static float[][] matrix(Random random, int rows, int columns, double scale) {
        List<float[]> matrix = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            float[] row = new float[columns];
            for (int j = 0; j < columns; j++) {
                row[j] = (float) (scale * random.nextGaussian());
            }
            matrix.add(row);
        }
        return matrix.toArray(float[][]::new);
    }
}
