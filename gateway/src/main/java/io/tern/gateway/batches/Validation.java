package io.tern.gateway.batches;

import io.tern.base.TernException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What was found in a whole file: nothing of it is asked before all of it is right.
 *
 * @param total lines that are not blank
 * @param model that all of them name; null: they do not agree, or name none
 * @param faults the first of each line, at most a hundred, and then one that tells how many there are
 */
record Validation(int total, @Nullable String model, List<LineFault> faults) {
    static final int MAX_LINES = 50_000;
    private static final int MAX_FAULTS = 100;
    /** Lines between two looks at whether it is still wanted. */
    private static final int LOOK_AROUND = 100;

    /** Empty where the batch was stopped in the middle. */
    static Optional<Validation> of(Path input, LineReader reader, BooleanSupplier isStopped)
            throws IOException, InterruptedException {
        Findings findings = new Findings();
        LargeLines own = new LargeLines(); // one file is validated at a time, and waits for nobody's lines
        try (InputLines lines = InputLines.open(input, reader.endpoint().maxLineBytes(), own, () -> false)) {
            for (InputLine line = lines.next(); line != null; line = lines.next()) {
                try (InputLine current = line) {
                    if (findings.total % LOOK_AROUND == 0 && isStopped.getAsBoolean()) {
                        return Optional.empty();
                    }
                    findings.take(current, reader);
                }
                if (findings.total > MAX_LINES) {
                    break;
                }
            }
        }
        return Optional.of(findings.result());
    }

    private static final class Findings {
        private final Map<String, Integer> ids = new HashMap<>();
        private final List<LineFault> faults = new ArrayList<>();
        private int total;
        private int faulty;
        private @Nullable String model;
        private boolean oneModel = true;

        void take(InputLine line, LineReader reader) {
            total++;
            if (total > MAX_LINES) {
                add(new LineFault(
                        "too_many_tasks",
                        "file: more than " + MAX_LINES + " lines (expected: at most " + MAX_LINES + ")",
                        null,
                        line.number()));
                return;
            }
            try {
                LineRequest request = reader.read(line);
                oneModel &= total == 1 || (model != null && model.equals(request.model()));
                model = request.model();
                Integer first = ids.putIfAbsent(request.customId(), line.number());
                if (first != null) {
                    String expected = "one of its own for each line, not that of line " + first;
                    TernException twice = TernException.invalid("custom_id", request.customId(), expected);
                    add(new LineFault(
                            "duplicate_custom_id", String.valueOf(twice.getMessage()), twice.field(), line.number()));
                }
            } catch (LineReader.FaultyLine e) {
                add(e.fault());
            }
        }

        private void add(LineFault fault) {
            faulty++;
            if (faulty <= MAX_FAULTS) {
                faults.add(fault);
            }
        }

        Validation result() {
            if (total == 0) {
                add(new LineFault("empty_file", "file: empty (expected: 1.." + MAX_LINES + " lines)", null, null));
            }
            if (faulty > MAX_FAULTS) {
                faults.add(new LineFault(
                        "too_many_errors",
                        "file: " + faulty + " faulty lines, of which the first " + MAX_FAULTS
                                + " are told (expected: none)",
                        null,
                        null));
            }
            return new Validation(total, oneModel ? model : null, faults);
        }
    }
}
