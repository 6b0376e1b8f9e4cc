package io.tern.decoding.convert;

import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Which weight lies where in the weight file, as lines of text: name, type, offset, length, dimensions. */
public final class WeightIndex {
    private static final String SEPARATOR = "\t";

    private WeightIndex() {}

    /** @param length in bytes, as {@code offset} */
    public record Entry(String name, ElementType type, Shape shape, long offset, long length) {
        private String line() {
            return String.join(
                    SEPARATOR,
                    name,
                    type.name(),
                    Long.toString(offset),
                    Long.toString(length),
                    String.join(
                            " ", shape.toList().stream().map(String::valueOf).toList()));
        }

        private static Entry of(String line) {
            String[] parts = line.split(SEPARATOR, -1);
            long[] dimensions = Arrays.stream(parts[4].split(" "))
                    .filter(part -> !part.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray();
            return new Entry(
                    parts[0],
                    ElementType.valueOf(parts[1]),
                    Shape.of(dimensions),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]));
        }
    }

    static byte[] write(List<Entry> entries) {
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> text.append(entry.line()).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static List<Entry> read(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(Entry::of).toList();
    }
}
