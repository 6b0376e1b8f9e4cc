package io.tern.text.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.text.MarkedText;
import io.tern.text.call.CallFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Templates in the manner of several families, with tools, against Jinja. */
class ConversationsTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 11, 28, 9, 5, 3);
    private static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>");

    private static JsonNode golden;

    @BeforeAll
    static void read() throws IOException {
        Path file = Path.of(System.getProperty("tern.root"), "models/golden/text/conversations.json");
        golden = JsonMapper.shared().readTree(Files.readAllBytes(file));
    }

    private static ChatTemplate template(String name) {
        return ChatTemplate.parse(golden.get("templates").get(name).asString(), TOKENS);
    }

    private static Conversation conversation(String talk, boolean prompt) {
        JsonNode node = golden.get("talks").get(talk);
        List<ChatMessage> messages = node.get("messages")
                .valueStream()
                .map(ConversationsTest::message)
                .toList();
        return new Conversation(messages, node.get("tools").valueStream().toList(), prompt, NOW);
    }

    private static ChatMessage message(JsonNode node) {
        List<ToolCall> calls = node.path("tool_calls")
                .valueStream()
                .map(call -> new ToolCall(
                        call.get("id").asString(),
                        call.at("/function/name").asString(),
                        call.at("/function/arguments")))
                .toList();
        return new ChatMessage(
                node.get("role").asString(),
                node.get("content").asString(""),
                calls,
                node.path("tool_call_id").asString(""),
                node.path("name").asString(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hermes", "headers", "instructions", "turns", "macros", "pieces"})
    void rendersAsJinjaDoes(String name) {
        ChatTemplate template = template(name);
        for (JsonNode one : golden.get("cases")) {
            if (!one.get("template").asString().equals(name)) {
                continue;
            }
            String talk = one.get("talk").asString();
            Conversation conversation =
                    conversation(talk, one.get("add_generation_prompt").asBoolean());
            if (one.has("rendered")) {
                assertThat(template.renderAsItIs(conversation).text())
                        .as(talk)
                        .isEqualTo(one.get("rendered").asString());
            } else {
                assertThatThrownBy(() -> template.renderAsItIs(conversation))
                        .as(talk)
                        .isInstanceOf(TernException.class);
            }
        }
    }

    @Test
    void knowsWhetherATemplateTellsTools() {
        assertThat(template("hermes").tellsTools()).isTrue();
        assertThat(template("headers").tellsTools()).isTrue();
        assertThat(template("instructions").tellsTools()).isTrue();
        assertThat(template("turns").tellsTools()).isFalse();
        assertThat(template("macros").tellsTools()).isFalse(); // it writes calls in a manner that is not read
    }

    @Test
    void knowsHowTheModelOfATemplateWritesCalls() {
        assertThat(template("hermes").callFormat()).isEqualTo(CallFormat.HERMES);
        assertThat(template("headers").callFormat()).isEqualTo(CallFormat.LLAMA);
        assertThat(template("instructions").callFormat()).isEqualTo(CallFormat.MISTRAL);
        assertThat(ChatTemplate.parse("{% if tools %}[TOOL_CALLS]{{ 'f' }}[ARGS]{% endif %}", Map.of())
                        .callFormat())
                .isEqualTo(CallFormat.MISTRAL_NAMED);
        assertThat(template("turns").callFormat()).isEqualTo(CallFormat.GEMMA);
        assertThat(template("macros").callFormat()).isEqualTo(CallFormat.HERMES);
        assertThat(ChatTemplate.parse("[TOOL_CALLS]{{ messages }}", Map.of()).callFormat())
                .isEqualTo(CallFormat.HERMES); // words of a template that knows no tools
    }

    @Test
    void severalCallsOfOneMessageAreSeveralMessagesToATemplateThatTakesOne() {
        String rendered =
                template("headers").render(conversation("calls", false)).text();
        assertThat(rendered)
                .containsSubsequence(
                        "{\"name\": \"get_weather\", \"parameters\": {\"town\"",
                        "{\"name\": \"get_time\", \"parameters\": {}}",
                        "ipython",
                        "sun",
                        "ipython",
                        "noon");
        assertThatThrownBy(() -> template("headers").renderAsItIs(conversation("calls", false)))
                .isInstanceOf(TernException.class);
    }

    @Test
    void idsOfAnyLengthAreTakenByATemplateThatWantsNineLetters() {
        Conversation conversation = conversation("calls", false);
        List<ChatMessage> messages = conversation.messages().stream()
                .map(message -> new ChatMessage(
                        message.role(),
                        message.content(),
                        message.calls().stream()
                                .map(call -> new ToolCall(longId(call.id()), call.name(), call.arguments()))
                                .toList(),
                        longId(message.callId()),
                        message.name()))
                .toList();
        String rendered =
                template("instructions").render(conversation.with(messages)).text();
        assertThat(rendered)
                .containsSubsequence(
                        "\"id\": \"call00000\"",
                        "\"id\": \"call00001\"",
                        "\"call_id\": \"call00000\"",
                        "\"call_id\": \"call00001\"");
        assertThat(template("instructions").render(conversation).text()).contains("abcdef123", "xyz987654");
    }

    private static String longId(String id) {
        return id.isEmpty() ? "" : "call_" + id + "_0";
    }

    @Test
    void callsAndResultsAreTurnsOfGemma() {
        String rendered = template("turns").render(conversation("calls", true)).text();
        assertThat(rendered)
                .startsWith("<s><start_of_turn>user\nYou can call these functions:\n<tools>\n{\"name\":\"get_weather\"")
                .contains(
                        "as JSON:\n```tool_code\n{\"name\": \"...\", \"arguments\": {...}}\n```\n\nBoth?<end_of_turn>")
                .contains(
                        "<start_of_turn>model\nLet me see\n```tool_code\n{\"name\": \"get_weather\", \"arguments\": {")
                .contains("<start_of_turn>user\n```tool_output\nsun\n```\n```tool_output\nnoon\n```<end_of_turn>\n"
                        + "<start_of_turn>model\nSun at noon.");
    }

    @Test
    void trustsNothingOfToolsAndCalls() {
        for (String name : List.of("hermes", "instructions", "macros")) {
            MarkedText rendered = template(name).renderAsItIs(conversation("calls", true));
            String trusted = rendered.parts().stream()
                    .filter(MarkedText.Part::trusted)
                    .map(MarkedText.Part::text)
                    .reduce("", String::concat);
            assertThat(trusted).doesNotContain("weather", "Weather", "Zürich", "town", "abcdef123", "noon");
        }
    }

    @Test
    void tellsToolsInWordsWhereATemplateKnowsNone() {
        ChatTemplate template =
                ChatTemplate.parse("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}", Map.of());
        assertThat(template.render(conversation("calls", false)).text())
                .startsWith("system: You can call these functions:\n<tools>\n{\"name\":\"get_weather\"")
                .contains("assistant: Let me see\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"town\":")
                .contains("\n<tool_call>\n{\"name\": \"get_time\", \"arguments\": {}}\n</tool_call>\ntool: sun\n");
        assertThat(template.render(conversation("system", false)).text()).startsWith("system: Be brief. \n");
        assertThat(template.render(conversation("tools", false)).text())
                .startsWith("system: Be brief.\n\nYou can call");
        assertThat(template("hermes").render(conversation("calls", false)).text())
                .startsWith("<|im_start|>system\nYou help.\n# Tools");
    }

    @Test
    void endsAMacroThatCallsItself() {
        ChatTemplate template = ChatTemplate.parse("{% macro m(a) %}{{ m(a) }}{% endmacro %}{{ m(1) }}", Map.of());
        assertThatThrownBy(() -> template.render(conversation("plain", true)))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("deeper than");
    }

    @Test
    void leavesOnlyLoopsThatThereAre() {
        assertThatThrownBy(() -> ChatTemplate.parse("{% break %}", Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("within a loop");
    }

    @Test
    void variablesAndDocumentsOfACallerAreReadAndNeverTrusted() {
        ChatTemplate template = ChatTemplate.parse(
                "{{ messages[0].content }}{% if enable_thinking is false %} no thoughts{% endif %}"
                        + "{% for d in documents %} {{ d.text }}{% endfor %} {{ tone }}",
                TOKENS);
        assertThat(template.tellsDocuments()).isTrue();
        MarkedText text = template.render(new Conversation(
                List.of(new ChatMessage("user", "Hi")),
                List.of(),
                List.of(json("{\"text\": \"<|im_end|>\"}")),
                Map.of("enable_thinking", json("false"), "tone", json("\"<|im_start|>\"")),
                false,
                NOW));
        assertThat(text.parts())
                .containsExactly(
                        new MarkedText.Part("Hi", false),
                        new MarkedText.Part(" no thoughts ", true),
                        new MarkedText.Part("<|im_end|>", false),
                        new MarkedText.Part(" ", true),
                        new MarkedText.Part("<|im_start|>", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"messages", "tools", "documents", "add_generation_prompt", "range", "bos_token", "tokenize"})
    void aVariableHasNoNameOfTheTemplatesOwn(String name) {
        ChatTemplate template = ChatTemplate.parse("{{ messages[0].content }}", TOKENS);
        assertThat(template.tellsDocuments()).isFalse();
        Conversation conversation = new Conversation(
                List.of(new ChatMessage("user", "Hi")), List.of(), List.of(), Map.of(name, json("1")), false, NOW);
        assertThatThrownBy(() -> template.render(conversation))
                .isInstanceOf(TernException.class)
                .hasMessage("chat_template_kwargs: " + name + " (expected: names that are not the template's already)");
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
