package io.tern.text.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What models write, whole and in all pieces. In these texts {@code 'n} is a line end. */
class CallReaderTest {
    private static final Set<String> TOOLS = Set.of("weather", "time");

    /** Words and calls of a text; calls as {@code name(arguments)} in the order of both. */
    private static List<String> read(CallFormat format, boolean several, List<String> pieces) {
        CallReader reader = new CallReader(format, TOOLS::contains, several);
        List<String> read = new ArrayList<>();
        StringBuilder said = new StringBuilder();
        for (String piece : pieces) {
            add(reader.append(piece), said, read);
        }
        add(reader.finish(), said, read);
        if (!said.isEmpty()) {
            read.add(said.toString());
        }
        return read;
    }

    private static void add(CallReader.Part part, StringBuilder said, List<String> read) {
        said.append(part.said());
        if (!part.calls().isEmpty() && !said.isEmpty()) {
            read.add(said.toString());
            said.setLength(0);
        }
        part.calls().forEach(call -> read.add(call.name() + call.arguments()));
    }

    /** In two pieces of every cut, and in pieces of every length. */
    private static void assertReads(CallFormat format, String text, String... expected) {
        for (int cut = 0; cut <= text.length(); cut++) {
            assertThat(read(format, true, List.of(text.substring(0, cut), text.substring(cut))))
                    .as("cut at " + cut)
                    .containsExactly(expected);
        }
        for (int length = 1; length <= text.length(); length++) {
            List<String> pieces = new ArrayList<>();
            for (int from = 0; from < text.length(); from += length) {
                pieces.add(text.substring(from, Math.min(text.length(), from + length)));
            }
            assertThat(read(format, true, pieces)).as("pieces of " + length).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '\0',
            value = {
                "HERMES § <tool_call>'n{\"name\": \"weather\", \"arguments\": {\"city\": \"Zürich 🌧\"}}'n</tool_call>",
                "HERMES § <tool_call>{\"name\": \"weather\", \"arguments\": {\"city\": \"Zürich 🌧\"}}",
                "LLAMA § {\"name\": \"weather\", \"parameters\": {\"city\": \"Zürich 🌧\"}}",
                "LLAMA § <|python_tag|>{\"name\": \"weather\", \"parameters\": {\"city\": \"Zürich 🌧\"}}",
                "LLAMA § 'n {\"type\": \"function\", \"name\": \"weather\", \"parameters\": {\"city\": \"Zürich 🌧\"}}",
                "MISTRAL § [TOOL_CALLS][{\"name\": \"weather\", \"arguments\": {\"city\": \"Zürich 🌧\"}}]",
                "MISTRAL § [TOOL_CALLS] [{\"name\": \"weather\", \"arguments\": {\"city\": \"Zürich 🌧\"}, \"id\": \"abcdef123\"}]",
                "MISTRAL_NAMED § [TOOL_CALLS]weather[ARGS]{\"city\": \"Zürich 🌧\"}",
                "MISTRAL_NAMED § [TOOL_CALLS]weather[CALL_ID]abcdef123[ARGS]{\"city\": \"Zürich 🌧\"}",
                "GEMMA § ```tool_code'n{\"name\": \"weather\", \"arguments\": {\"city\": \"Zürich 🌧\"}}'n```",
                "GEMMA § ```tool_code'nweather(city=\"Zürich 🌧\")'n```",
                "GEMMA § ```tool_code'nprint(weather(city='Zürich 🌧'))'n```",
                "GEMMA § ```json'n[{\"name\": \"weather\", \"parameters\": {\"city\": \"Zürich 🌧\"}}]'n```",
                "GEMMA § {\"name\": \"weather\", \"parameters\": {\"city\": \"Zürich 🌧\"}}",
            })
    void findsACallHoweverItIsCut(CallFormat format, String text) {
        assertReads(format, text.replace("'n", "\n"), "weather{\"city\":\"Zürich 🌧\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '\0',
            value = {
                "HERMES § So.'n<tool_call>{\"name\":\"time\",\"arguments\":{}}</tool_call>'n<tool_call>{\"name\":\"weather\",\"arguments\":{\"a\":\"}</t\"}}</tool_call>",
                "LLAMA § So.'n<|python_tag|>{\"name\":\"time\",\"parameters\":{}}; {\"name\":\"weather\",\"parameters\":{\"a\":\"}</t\"}}",
                "MISTRAL § So.'n[TOOL_CALLS][{\"name\":\"time\",\"arguments\":{}}, {\"name\":\"weather\",\"arguments\":{\"a\":\"}</t\"}}]",
                "MISTRAL_NAMED § So.'n[TOOL_CALLS]time[ARGS]{}[TOOL_CALLS]weather[ARGS]{\"a\":\"}</t\"}",
                "GEMMA § So.'n```tool_code'ntime()'nweather(a=\"}</t\")'n```",
            })
    void findsSeveralCallsBehindWords(CallFormat format, String text) {
        String written = text.replace("'n", "\n");
        assertReads(format, written, "So.\n", "time{}", "weather{\"a\":\"}</t\"}");
        List<String> one = read(format, false, List.of(written));
        assertThat(one).contains("time{}");
        assertThat(one).doesNotContain("weather{\"a\":\"}</t\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '\0',
            value = {
                "HERMES § a < b and <tool",
                "HERMES § <tool_call>{\"name\":\"other\",\"arguments\":{}}</tool_call>",
                "HERMES § <tool_call>{\"name\":\"weather\",\"arguments\":[]}</tool_call> x",
                "HERMES § <tool_call>{\"name\":\"weather\",\"arguments\":{},\"name\":\"time\"}</tool_call>",
                "HERMES § <tool_call>{\"name\":</tool_call>",
                "LLAMA § {\"name\": \"other\", \"parameters\": {}}",
                "LLAMA § {\"name\": \"weather\"}",
                "LLAMA § {\"name\": \"weather\", \"parameters\": {",
                "LLAMA § {]}",
                "LLAMA § It is {\"name\": \"weather\", \"parameters\": {}} that you want",
                "LLAMA § <|python_tag|>print(1)",
                "LLAMA § x <|python",
                "MISTRAL § [TOOL_CALLS]",
                "MISTRAL § [TOOL_CALLS][{\"name\": \"weather\", \"arguments\": {}}, {\"name\": \"other\", \"arguments\": {}}]",
                "MISTRAL § [TOOL_CALLS] [1]",
                "MISTRAL § [\"name\"] [TOOL",
                "MISTRAL_NAMED § [TOOL_CALLS]weather[ARGS]",
                "MISTRAL_NAMED § [TOOL_CALLS]weather[ARGS]x",
                "MISTRAL_NAMED § [TOOL_CALLS]other[ARGS]{}",
                "MISTRAL_NAMED § [TOOL_CALLS]the weather is",
                "GEMMA § ```python'nweather(city=\"Oslo\")'n```",
                "GEMMA § ```tool_code'nweather(city=town)'n```",
                "GEMMA § ```tool_code'nweather(\"Oslo\")'n```",
                "GEMMA § ```tool_code'nweather(city=\"Oslo",
                "GEMMA § ```json'n{\"a\": 1}'n``` and ``",
            })
    void whatIsNoCallIsWords(CallFormat format, String text) {
        String written = text.replace("'n", "\n");
        assertReads(format, written, written);
    }

    @Test
    void wordsAreNotHeldBackForLong() {
        for (CallFormat format : CallFormat.values()) {
            CallReader reader = new CallReader(format, TOOLS::contains, true);
            assertThat(reader.append("A word").said()).isEqualTo("A word");
            assertThat(reader.append(" and [ or < or {").said()).isNotEmpty();
        }
    }

    @Test
    void nobodyWaitsForTheEndOfACallThatHasNone() {
        CallReader reader = new CallReader(CallFormat.LLAMA, TOOLS::contains, true);
        StringBuilder said = new StringBuilder(reader.append("{\"name\": \"").said());
        for (int i = 0; i < 100; i++) {
            said.append(reader.append("x".repeat(1000)).said());
        }
        assertThat(said.length()).isGreaterThan(60_000);
        assertThat(said.append(reader.finish().said()).length()).isEqualTo(100_010);
    }

    @Test
    void readsPythonsLiterals() {
        assertThat(PythonCalls.parse(
                        "[f(a=1, b=-2.50, c=[True, None, 'x\\'\\u00e9'], d={\"k\": {'l': []}},), default_api.g()]"))
                .containsExactly(
                        new Call("f", "{\"a\":1,\"b\":-2.50,\"c\":[true,null,\"x'é\"],\"d\":{\"k\":{\"l\":[]}}}"),
                        new Call("default_api.g", "{}"));
        assertThat(PythonCalls.parse("f(a=" + "[".repeat(1000) + ")")).isEmpty();
        assertThat(PythonCalls.parse("f(a=1")).isEmpty();
        assertThat(PythonCalls.parse("")).isEmpty();
    }
}
