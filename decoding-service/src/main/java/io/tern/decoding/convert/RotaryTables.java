package io.tern.decoding.convert;

import io.tern.tensor.Shape;

/** Cosines and sines of position · base^(-2i / headSize), [positions, headSize / 2]. Su et al. 2021, eq. 15. */
final class RotaryTables {
    private final float[] cosines;
    private final float[] sines;
    private final Shape shape;

    RotaryTables(DecoderShape decoder, int positions) {
        int half = decoder.headSize() / 2;
        this.shape = Shape.of(positions, half);
        this.cosines = new float[Math.multiplyExact(positions, half)];
        this.sines = new float[cosines.length];
        for (int i = 0; i < half; i++) {
            double frequency = Math.pow(decoder.ropeBase(), -2.0 * i / decoder.headSize());
            for (int position = 0; position < positions; position++) {
                cosines[position * half + i] = (float) Math.cos(position * frequency);
                sines[position * half + i] = (float) Math.sin(position * frequency);
            }
        }
    }

    float[] cosines() {
        return cosines;
    }

    float[] sines() {
        return sines;
    }

    Shape shape() {
        return shape;
    }
}
