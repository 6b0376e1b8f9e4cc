package io.tern.detection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;

/** Reads an array of NumPy's .npz; all numbers as double, which holds each of these exactly. */
public final class Npz {
    private static final Pattern TYPE = Pattern.compile("'descr': '[<|]([a-z][0-9])'");

    private Npz() {}

    public static double[] read(Path file, String array) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            byte[] npy = zip.getInputStream(zip.getEntry(array + ".npy")).readAllBytes();
            ByteBuffer in = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
            int headerLength = in.getShort(8);
            Matcher type = TYPE.matcher(new String(npy, 10, headerLength, StandardCharsets.ISO_8859_1));
            if (!type.find()) {
                throw new IllegalArgumentException("type of " + array);
            }
            ByteBuffer data =
                    in.slice(10 + headerLength, npy.length - 10 - headerLength).order(ByteOrder.LITTLE_ENDIAN);
            return switch (type.group(1)) {
                case "f4" -> numbers(data.remaining() / 4, i -> data.getFloat(4 * i));
                case "f8" -> numbers(data.remaining() / 8, i -> data.getDouble(8 * i));
                case "i8" -> numbers(data.remaining() / 8, i -> data.getLong(8 * i));
                case "u1" -> numbers(data.remaining(), i -> data.get(i) & 0xff);
                default -> throw new IllegalArgumentException("type of " + array + ": " + type.group(1));
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double[] numbers(int count, IntToDoubleFunction at) {
        return IntStream.range(0, count).mapToDouble(at).toArray();
    }
}
