package io.tern.decoding.convert;

import java.util.Arrays;

/**
 * Softmax attention by tiles, as FlashAttention computes it (Dao et al. 2022, algorithm 1): for each block of queries the
 * blocks of keys and values pass by once, with a running greatest score m, a running sum l of exponentials and a running
 * output o, which are scaled anew when m grows. No row of scores is ever whole: beside the output a block needs
 * queryTile × keyTile scores.
 *
 * @param queryTile queries of a block, B_r
 * @param keyTile keys of a block, B_c
 */
record TiledAttention(int queryTile, int keyTile) {
    /** Whether a query sees a key. */
    @FunctionalInterface
    interface Sight {
        boolean sees(int query, int key);
    }

    /**
     * One head.
     *
     * @param queries [rows, width]
     * @param keys [keys, width], and so the values
     */
    float[][] attend(float[][] queries, float[][] keys, float[][] values, float scale, Sight sight) {
        float[][] output = new float[queries.length][];
        for (int from = 0; from < queries.length; from += queryTile) {
            int to = Math.min(queries.length, from + queryTile);
            Block block = new Block(to - from, values[0].length);
            for (int key = 0; key < keys.length; key += keyTile) {
                int end = Math.min(keys.length, key + keyTile);
                for (int query = from; query < to; query++) {
                    float[] scores = new float[end - key];
                    for (int j = key; j < end; j++) {
                        scores[j - key] =
                                sight.sees(query, j) ? scale * dot(queries[query], keys[j]) : Float.NEGATIVE_INFINITY;
                    }
                    block.pass(query - from, scores, values, key);
                }
            }
            for (int query = from; query < to; query++) {
                output[query] = block.row(query - from);
            }
        }
        return output;
    }

    static float dot(float[] one, float[] other) {
        float sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    /** State of a block of queries. */
    private static final class Block {
        private final float[] m;
        private final float[] l;
        private final float[][] o;

        Block(int rows, int width) {
            m = new float[rows];
            l = new float[rows];
            o = new float[rows][width];
            Arrays.fill(m, Float.NEGATIVE_INFINITY);
        }

        void pass(int row, float[] scores, float[][] values, int firstKey) {
            float greatest = m[row];
            for (float score : scores) {
                greatest = Math.max(greatest, score);
            }
            if (greatest == Float.NEGATIVE_INFINITY) {
                return; // nothing of this block is seen, nor of those before
            }
            float correction = (float) Math.exp(m[row] - greatest);
            m[row] = greatest;
            l[row] *= correction;
            for (int i = 0; i < o[row].length; i++) {
                o[row][i] *= correction;
            }
            for (int j = 0; j < scores.length; j++) {
                float weight = (float) Math.exp(scores[j] - greatest);
                l[row] += weight;
                for (int i = 0; i < o[row].length; i++) {
                    o[row][i] += weight * values[firstKey + j][i];
                }
            }
        }

        float[] row(int row) {
            float[] scaled = o[row].clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] /= l[row];
            }
            return scaled;
        }
    }
}
