package io.tern.generation;

import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the golden data of models/golden/generation; the scripts beside it made them. */
public final class Golden {
    private static final int NPY_HEADER_BYTES = 128;

    private Golden() {}

    /** Root of the repository. */
    public static Path root() {
        return Path.of(System.getProperty("tern.root", ".."));
    }

    public static Path file(String name) {
        return root().resolve("models/golden/generation").resolve(name);
    }

    public static JsonNode json(String name) {
        return JsonMapper.shared().readTree(file(name));
    }

    public static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Float32 values of a file. */
    public static float[] npy(String name) {
        ByteBuffer bytes = ByteBuffer.wrap(npyBytes(name)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    /** The same as they lie in the file: little-endian, behind a header of 128 bytes. */
    public static byte[] npyBytes(String name) {
        byte[] file = bytes(name);
        return Arrays.copyOfRange(file, NPY_HEADER_BYTES, file.length);
    }

    public static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).floatValue();
        }
        return values;
    }

    public static FloatTensor tensor(Arena arena, float... values) {
        return FloatTensor.copyOf(arena, Shape.of(1, values.length), values);
    }

    public static double largestDifference(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(a.length + " and " + b.length + " values");
        }
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            // written so that NaN counts as the largest difference
            double difference = Math.abs((double) a[i] - b[i]);
            largest = difference <= largest ? largest : difference;
        }
        return largest;
    }
}
