package io.tern.gateway.batches;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValidationTest {
    private static final String GOOD = Desk.line("a", "x");

    @TempDir
    private Path folder;

    private Validation of(byte[] content) throws Exception {
        Path file = Files.write(folder.resolve("lines"), content);
        LineReader reader = new LineReader(new ScriptedEndpoint().endpoint(1));
        return Validation.of(file, reader, () -> false).orElseThrow();
    }

    private Validation of(String content) throws Exception {
        return of(content.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("", "empty_file", "file: empty (expected: 1..50000 lines)", null, null),
                fault("\n \r\n", "empty_file", "file: empty (expected: 1..50000 lines)", null, null),
                fault("{", "invalid_json_line", "line: broken JSON at column 2 (expected: one JSON", null, 1),
                fault("\n\n[]", "invalid_json_line", "line: not an object (expected: a JSON object)", null, 3),
                fault(GOOD + GOOD, "invalid_json_line", "line: broken JSON", null, 1),
                fault("\uFEFF" + GOOD, "invalid_json_line", "line: byte order mark", null, 1),
                fault(
                        GOOD.replace("\"a\"", "1"),
                        "invalid_argument",
                        "custom_id: 1 (expected: a string of 1..256 characters)",
                        "custom_id",
                        1),
                fault(
                        GOOD.replace("custom_id", "id"),
                        "missing_required_parameter",
                        "custom_id: missing (expected: a string of 1..256 characters)",
                        "custom_id",
                        1),
                fault(
                        GOOD.replace("\"a\"", "\"" + "a".repeat(257) + "\""),
                        "invalid_argument",
                        "custom_id: 257 characters (expected:",
                        "custom_id",
                        1),
                fault(
                        GOOD + "\n" + GOOD,
                        "duplicate_custom_id",
                        "custom_id: a (expected: one of its own for each line, not that of line 1)",
                        "custom_id",
                        2),
                fault(GOOD.replace("POST", "get"), "invalid_method", "method: get (expected: POST)", "method", 1),
                fault(
                        GOOD.replace("/v1/echo", "/v1/other"),
                        "invalid_url",
                        "url: /v1/other (expected: /v1/echo)",
                        "url",
                        1),
                fault(
                        GOOD.replace("\"url\"", "\"uri\""),
                        "missing_required_parameter",
                        "url: missing (expected: /v1/echo)",
                        "url",
                        1),
                fault(
                        GOOD.replace("{\"text\":\"x\"}", "\"x\""),
                        "invalid_argument",
                        "body: x (expected: an object)",
                        "body",
                        1),
                fault(
                        GOOD.replace("\"body\"", "\"colour\":1,\"body\""),
                        "invalid_argument",
                        "colour: unknown field",
                        "colour",
                        1),
                fault(
                        Desk.line("a", "x".repeat(2_000_000)),
                        "line_too_long",
                        "line: too long (expected: at most 2000000 bytes)",
                        null,
                        1));
    }

    private static Arguments fault(String content, String code, String told, String param, Integer line) {
        return Arguments.of(code + " " + told, content, code, told, param, line);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void tellsWhatIsWrongAndWhere(String name, String content, String code, String told, String param, Integer line)
            throws Exception {
        Validation found = of(content);
        assertThat(found.faults()).hasSize(1);
        LineFault fault = found.faults().getFirst();
        assertThat(fault.code()).isEqualTo(code);
        assertThat(fault.message()).startsWith(told);
        assertThat(fault.param()).isEqualTo(param);
        assertThat(fault.line()).isEqualTo(line);
    }

    @Test
    void bytesThatAreNoUtf8AreNoLine() throws Exception {
        assertThat(of(new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'}).faults())
                .extracting(LineFault::code)
                .containsExactly("invalid_json_line");
    }

    @Test
    void allFaultyLinesAreCountedAndAHundredAreTold() throws Exception {
        Validation found = of("x\n".repeat(150) + GOOD);
        assertThat(found.faults()).hasSize(101);
        assertThat(found.faults().getLast())
                .isEqualTo(new LineFault(
                        "too_many_errors",
                        "file: 150 faulty lines, of which the first 100 are told (expected: none)",
                        null,
                        null));
    }

    @Test
    void blankLinesAndTheirEndsCountForNothing() throws Exception {
        Validation found = of("\r\n" + GOOD + "\r\n\n" + Desk.line("b", "y") + "\n\n");
        assertThat(found.faults()).isEmpty();
        assertThat(found.total()).isEqualTo(2);
    }

    @Test
    void fiftyThousandLinesAreTakenAndNotOneMore() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < Validation.MAX_LINES; i++) {
            lines.append(Desk.line("id" + i, "x")).append('\n');
        }
        assertThat(of(lines.toString()).total()).isEqualTo(50_000);
        assertThat(of(lines + Desk.line("more", "x")).faults())
                .extracting(LineFault::code)
                .containsExactly("too_many_tasks");
    }

    @Test
    void tellsTheModelThatAllLinesName() throws Exception {
        String one = GOOD.replace("\"text\"", "\"model\":\"m\",\"text\"");
        assertThat(of(one + "\n" + one.replace("\"a\"", "\"b\"")).model()).isEqualTo("m");
        assertThat(of(one + "\n" + Desk.line("b", "y")).model()).isNull();
        assertThat(of(Desk.line("b", "y") + "\n" + one).model()).isNull();
        assertThat(of(GOOD).model()).isNull();
        assertThat(of(one.replace("\"m\"", "\"" + "m".repeat(256) + "\"")).model())
                .hasSize(256);
        assertThat(of(one.replace("\"m\"", "\"" + "m".repeat(257) + "\"")).model())
                .isNull();
    }

    @Test
    void linesOfManyLengthsComeAsTheyAre() throws Exception {
        StringBuilder content = new StringBuilder();
        int[] lengths = {0, 1, 65_535, 65_536, 65_537, 1_000_000, 1_000_001, 1_999_999, 2_000_000, 2_000_001, 3};
        for (int length : lengths) {
            content.append("x".repeat(length)).append('\n');
        }
        Path file = Files.writeString(folder.resolve("long"), content);
        LargeLines large = new LargeLines();
        try (InputLines lines = InputLines.open(file, 2_000_000, large, () -> false)) {
            for (int i = 1; i < lengths.length; i++) {
                try (InputLine line = lines.next()) {
                    assertThat(line).isNotNull();
                    assertThat(line.number()).isEqualTo(i + 1);
                    assertThat(line.bytes() == null ? -1 : line.bytes().length)
                            .isEqualTo(lengths[i] > 2_000_000 ? -1 : lengths[i]);
                    assertThat(line.place() != null).isEqualTo(lengths[i] > 1_000_000);
                }
            }
            assertThat(lines.next()).isNull();
        }
        large.enter(() -> true).close(); // all places were given back
    }
}
