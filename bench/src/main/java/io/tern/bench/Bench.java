package io.tern.bench;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** {@code java -jar bench.jar runtime|detection [results folder]}: prints a table, and writes it as JSON to the folder. */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        String what = arguments.length == 0 ? "" : arguments[0];
        Path results = Path.of(arguments.length > 1 ? arguments[1] : "bench/results");
        switch (what) {
            case "runtime" -> publish("runtime", new RuntimeBench().measure(), results);
            case "detection" -> publish("detection-heads", new HeadBench().measure(), results);
            default -> {
                System.err.println("what to measure: \"" + what + "\" (expected: runtime or detection)");
                System.exit(2);
            }
        }
    }

    private static void publish(String name, Report report, Path folder) throws Exception {
        System.out.print(report.table());
        Path file = folder.resolve(name + "-" + LocalDate.now(ZoneOffset.UTC) + ".json");
        report.writeTo(file);
        System.out.println("written to " + file);
    }
}
