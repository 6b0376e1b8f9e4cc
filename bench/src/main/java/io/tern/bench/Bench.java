package io.tern.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * {@code java -jar bench.jar runtime|detection [results folder [throughput [pictures] | heads]]}: prints a table, and writes it as JSON
 * to the folder.
 */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        String what = arguments.length == 0 ? "" : arguments[0];
        Path results = Path.of(arguments.length > 1 ? arguments[1] : "bench/results");
        switch (what) {
            case "runtime" -> publish("runtime", new RuntimeBench().measure(), results);
            case "detection" -> detection(arguments.length > 2 ? arguments[2] : "", pictures(arguments), results);
            default -> {
                System.err.println("what to measure: \"" + what + "\" (expected: runtime or detection)");
                System.exit(2);
            }
        }
    }

    /** Of a turn; 32 if not told. */
    private static int pictures(String[] arguments) {
        return arguments.length > 3 ? Integer.parseInt(arguments[3]) : 32;
    }

    /** @param part empty: both */
    private static void detection(String part, int pictures, Path results) throws Exception {
        if (!part.equals("heads")) {
            Path jar = Path.of(Bench.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path dist = jar.resolveSibling("").toAbsolutePath();
            Map<String, String> found =
                    new ThroughputBench(dist, dist.resolve("../..").normalize(), pictures).measure();
            found.forEach((name, value) -> System.out.println(name + ": " + value));
            write("detection-throughput", Report.object(found) + "\n", results);
        }
        if (!part.equals("throughput")) {
            publish("detection-heads", new HeadBench().measure(), results);
        }
    }

    private static void publish(String name, Report report, Path folder) throws Exception {
        System.out.print(report.table());
        write(name, report.json(), folder);
    }

    private static void write(String name, String json, Path folder) throws Exception {
        Path file = folder.resolve(name + "-" + LocalDate.now(ZoneOffset.UTC) + ".json");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, json);
        System.out.println("written to " + file);
    }
}
