package io.tern.decoding.service;

import io.tern.decoding.safetensors.NumberType;
import io.tern.decoding.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * Heads of random weights as {@code models/decoding/README.md} has them.
 *
 * @param width of the states that they read
 * @param firstToken of those that they propose
 */
record TinyHeads(int width, int firstToken) {
    private static final int TOKENS = 64;
    private static final int INNER = 96;

    void medusa(Path file) throws IOException {
        SafetensorsWriter writer = vocabulary();
        Random random = new Random(1);
        for (int head = 0; head < 2; head++) {
            matrix(writer, random, "head." + head + ".weight", width, width);
            matrix(writer, random, "head." + head + ".bias", width);
        }
        writer.tensor("tree", NumberType.F32, new long[] {4, 2}, 0, -1, 1, -1, 0, 0, 1, 0)
                .writeTo(file);
    }

    void eagle(Path file) throws IOException {
        SafetensorsWriter writer = vocabulary();
        layer(writer, "");
        writer.writeTo(file);
    }

    void mtp(Path file) throws IOException {
        SafetensorsWriter writer = vocabulary();
        layer(writer, "0.");
        layer(writer, "1.");
        writer.writeTo(file);
    }

    private SafetensorsWriter vocabulary() {
        float[] ids = new float[TOKENS];
        for (int i = 0; i < TOKENS; i++) {
            ids[i] = firstToken + i;
        }
        return new SafetensorsWriter().tensor("draft_vocab", NumberType.F32, new long[] {TOKENS}, ids);
    }

    private void layer(SafetensorsWriter writer, String prefix) {
        Random random = new Random(2);
        for (String norm : new String[] {"nh", "ne", "n1", "n2", "nf"}) {
            matrix(writer, random, prefix + norm + ".weight", width);
        }
        matrix(writer, random, prefix + "fc.weight", width, 2 * width);
        matrix(writer, random, prefix + "qkv.weight", 3 * width, width);
        matrix(writer, random, prefix + "o.weight", width, width);
        matrix(writer, random, prefix + "gu.weight", 2 * INNER, width);
        matrix(writer, random, prefix + "d.weight", width, INNER);
    }

    private static void matrix(SafetensorsWriter writer, Random random, String name, int... sizes) {
        long[] shape = new long[sizes.length];
        int count = 1;
        for (int i = 0; i < sizes.length; i++) {
            shape[i] = sizes[i];
            count *= sizes[i];
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.2 * random.nextGaussian());
        }
        writer.tensor(name, NumberType.F32, shape, values);
    }
}
