package io.tern.decoding.convert;

import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufTensor;
import java.util.Arrays;

/**
 * A llama written down as slowly and plainly as it goes, in double precision, straight from the tensors of a file: rows
 * of Q and K in the file's order, which the interleaved rotary embedding wants.
 */
final class LlamaReference {
    private final GgufFile file;

    LlamaReference(GgufFile file) {
        this.file = file;
    }

    /** Logits [tokens, vocabulary] of the whole text. */
    double[][] logits(int[] tokens) {
        double[][] x = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            x[t] = row("token_embd.weight", tokens[t]);
        }
        for (int layer = 0; layer < TinyLlama.LAYERS; layer++) {
            attend(x, "blk." + layer + ".");
            feedForward(x, "blk." + layer + ".");
        }
        String head = file.findTensor("output.weight").isPresent() ? "output.weight" : "token_embd.weight";
        return Arrays.stream(x)
                .map(row -> multiply(head, norm(row, "output_norm.weight")))
                .toArray(double[][]::new);
    }

    private void attend(double[][] x, String block) {
        int size = TinyLlama.HEAD_SIZE;
        double[][] q = new double[x.length][];
        double[][] k = new double[x.length][];
        double[][] v = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double[] normalized = norm(x[t], block + "attn_norm.weight");
            q[t] = rotate(multiply(block + "attn_q.weight", normalized), t);
            k[t] = rotate(multiply(block + "attn_k.weight", normalized), t);
            v[t] = multiply(block + "attn_v.weight", normalized);
        }
        for (int t = 0; t < x.length; t++) {
            double[] joined = new double[TinyLlama.WIDTH];
            for (int head = 0; head < TinyLlama.HEADS; head++) {
                int shared = head / (TinyLlama.HEADS / TinyLlama.KEY_VALUE_HEADS) * size;
                double[] weights = softmax(scores(q[t], head * size, k, shared, t));
                for (int s = 0; s <= t; s++) {
                    for (int i = 0; i < size; i++) {
                        joined[head * size + i] += weights[s] * v[s][shared + i];
                    }
                }
            }
            add(x[t], multiply(block + "attn_output.weight", joined));
        }
    }

    private static double[] scores(double[] query, int queryBegin, double[][] keys, int keyBegin, int last) {
        double[] scores = new double[last + 1];
        for (int s = 0; s <= last; s++) {
            for (int i = 0; i < TinyLlama.HEAD_SIZE; i++) {
                scores[s] += query[queryBegin + i] * keys[s][keyBegin + i];
            }
            scores[s] /= Math.sqrt(TinyLlama.HEAD_SIZE);
        }
        return scores;
    }

    private void feedForward(double[][] x, String block) {
        for (double[] row : x) {
            double[] normalized = norm(row, block + "ffn_norm.weight");
            double[] gate = multiply(block + "ffn_gate.weight", normalized);
            double[] up = multiply(block + "ffn_up.weight", normalized);
            for (int i = 0; i < gate.length; i++) {
                gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
            }
            add(row, multiply(block + "ffn_down.weight", gate));
        }
    }

    private double[] norm(double[] x, String weight) {
        double[] weights = row(weight, 0);
        double meanSquare =
                Arrays.stream(x).map(value -> value * value).average().orElseThrow();
        double[] normalized = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            normalized[i] = x[i] / Math.sqrt(meanSquare + TinyLlama.EPSILON) * weights[i];
        }
        return normalized;
    }

    /** Turns elements 2i and 2i + 1 of each head by position · base^(-2i / size). */
    private static double[] rotate(double[] heads, int position) {
        double[] rotated = new double[heads.length];
        for (int i = 0; i < heads.length; i += 2) {
            double exponent = -(double) (i % TinyLlama.HEAD_SIZE) / TinyLlama.HEAD_SIZE;
            double angle = position * Math.pow(TinyLlama.ROPE_BASE, exponent);
            rotated[i] = heads[i] * Math.cos(angle) - heads[i + 1] * Math.sin(angle);
            rotated[i + 1] = heads[i] * Math.sin(angle) + heads[i + 1] * Math.cos(angle);
        }
        return rotated;
    }

    private static double[] softmax(double[] scores) {
        double greatest = Arrays.stream(scores).max().orElseThrow();
        double[] weights =
                Arrays.stream(scores).map(score -> Math.exp(score - greatest)).toArray();
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    private double[] multiply(String weight, double[] x) {
        GgufTensor tensor = file.tensor(weight);
        double[] product = new double[(int) tensor.rows()];
        for (int i = 0; i < product.length; i++) {
            double[] row = row(weight, i);
            for (int j = 0; j < row.length; j++) {
                product[i] += row[j] * x[j];
            }
        }
        return product;
    }

    private double[] row(String weight, int index) {
        GgufTensor tensor = file.tensor(weight);
        float[] values = new float[tensor.columns()];
        tensor.dequantizeRow(index, values);
        double[] row = new double[values.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = values[i];
        }
        return row;
    }

    private static void add(double[] into, double[] values) {
        for (int i = 0; i < into.length; i++) {
            into[i] += values[i];
        }
    }
}
