package io.tern.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What was measured, where and how. */
record Report(Map<String, String> machine, Map<String, String> settings, List<Duel.Outcome> outcomes) {

    String table() {
        StringBuilder table = new StringBuilder();
        machine.forEach(
                (name, value) -> table.append(name).append(": ").append(value).append('\n'));
        settings.forEach(
                (name, value) -> table.append(name).append(": ").append(value).append('\n'));
        table.append("%n%-40s %-38s %10s %10s %7s  %s%n"
                .formatted("case", "against", "theirs us", "ours us", "ratio", "quartiles"));
        for (Duel.Outcome outcome : outcomes) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-40s %-38s %10.2f %10.2f %7.2f  %.2f..%.2f%n",
                    outcome.name(),
                    outcome.peer(),
                    outcome.theirNanos() / 1000,
                    outcome.ourNanos() / 1000,
                    outcome.ratio(),
                    outcome.lowerQuartile(),
                    outcome.upperQuartile()));
        }
        return table.toString();
    }

    String json() {
        return """
                {
                  "machine": %s,
                  "settings": %s,
                  "time": "CPU time of the calling thread, nanoseconds per call, medians; ratio = theirs / ours, median of pairs",
                  "cases": [
                %s
                  ]
                }
                """.formatted(
                        object(machine),
                        object(settings),
                        outcomes.stream().map(Report::json).collect(Collectors.joining(",\n")));
    }

    private static String json(Duel.Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "    {\"name\": %s, \"against\": %s, \"callsPerTurn\": %d, \"theirs\": %.0f, \"ours\": %.0f, "
                        + "\"ratio\": %.3f, \"lowerQuartile\": %.3f, \"upperQuartile\": %.3f}",
                text(outcome.name()),
                text(outcome.peer()),
                outcome.callsPerTurn(),
                outcome.theirNanos(),
                outcome.ourNanos(),
                outcome.ratio(),
                outcome.lowerQuartile(),
                outcome.upperQuartile());
    }

    static String object(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> text(entry.getKey()) + ": " + text(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** Names and numbers of ours and the machine's: only quotes and backslashes need care. */
    private static String text(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
