package io.tern.detection.family;

import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The names of a model's classes, as its metadata have them. */
final class Labels {
    /** Classes of detectors that come without names: COCO's, without the numbers that it leaves out. */
    static final int COCO = 80;

    private static final int MOST = 100_000;
    /** One entry of a list or dictionary as Python prints it, or JSON has it: {@code 0: 'person'}. */
    private static final Pattern ENTRY = Pattern.compile(
            "(?:[\"']?(\\d{1,6})[\"']?\\s*:\\s*)?(?:'((?:[^'\\\\]|\\\\.)*)'|\"((?:[^\"\\\\]|\\\\.)*)\")\\s*(?=[,\\]}]|$)");

    private Labels() {}

    /** The names, and numbers where there are none. */
    static List<String> of(Map<String, String> metadata, int classes) {
        return named(metadata).map(names -> requireSize(names, classes)).orElseGet(() -> numbered(classes));
    }

    static List<String> numbered(int classes) {
        return IntStream.range(0, classes).mapToObj(id -> "class " + id).toList();
    }

    /**
     * Empty if the metadata name no classes. {@code names} is a dictionary or list, {@code labels} and {@code classes} are
     * such a list or names with commas between them.
     */
    static Optional<List<String>> named(Map<String, String> metadata) {
        for (String key : List.of("names", "labels", "classes", "class_names")) {
            String text = metadata.get(key);
            if (text != null && !text.isBlank()) {
                return Optional.of(parse(text.strip()));
            }
        }
        return Optional.empty();
    }

    private static List<String> parse(String text) {
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        }
        TreeMap<Integer, String> names = new TreeMap<>();
        Matcher entry = ENTRY.matcher(text);
        while (entry.find()) {
            int id = entry.group(1) == null ? names.size() : Integer.parseInt(entry.group(1));
            String name = entry.group(2) == null ? entry.group(3) : entry.group(2);
            names.put(id, name.replaceAll("\\\\(.)", "$1"));
        }
        int count = names.isEmpty() ? 0 : names.lastKey() + 1;
        TernException.require(count <= MOST, "names of the model", count + " classes", "at most " + MOST);
        List<String> labels = new ArrayList<>(numbered(count));
        names.forEach(labels::set);
        return List.copyOf(labels);
    }

    private static List<String> requireSize(List<String> names, int classes) {
        TernException.require(
                names.size() == classes, "labels of the model", names.size(), "as many as it has classes, " + classes);
        return names;
    }
}
