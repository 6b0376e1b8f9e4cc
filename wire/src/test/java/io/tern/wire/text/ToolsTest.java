package io.tern.wire.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.FieldNames;
import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.Started;
import io.tern.decoding.v1.Step;
import io.tern.decoding.v1.ToolCall;
import io.tern.wire.Bodies;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ToolsTest {
    private static final AnswerHead HEAD = new AnswerHead("chatcmpl-1", 1);
    private static final String WEATHER =
            "{'type':'function','function':{'name':'weather','description':'Tells it.','parameters':"
                    + "{'type':'object','properties':{'city':{'type':'string'}},'required':['city']}}}";
    private static final String TIME = "{'type':'function','function':{'name':'time'}}";
    private static final String NAMED = "'tool_choice':{'type':'function','function':{'name':'weather'}}";

    @Test
    void givesTheModelItsTools() {
        GenerateRequest request = ChatJson.request(Bodies.body(
                        "{'messages':[{'role':'system','content':'Be brief.'},{'role':'user','content':'Hi'}],'tools':["
                                + WEATHER + "]}"))
                .first();
        assertThat(request.getMessagesCount()).isEqualTo(2);
        assertThat(request.getMessages(0).getContent()).isEqualTo("Be brief.");
        assertThat(request.getToolsList()).hasSize(1);
        assertThat(request.getTools(0)).startsWith("{\"name\":\"weather\",\"description\":\"Tells it.\"");
        assertThat(request.getCallRequired()).isFalse();
    }

    @Test
    void aNamedCallIsOneOfThatToolAlone() {
        GenerateRequest request = chat(WEATHER + "," + TIME, NAMED).first();
        assertThat(request.getToolsList()).hasSize(1);
        assertThat(request.getTools(0)).contains("\"weather\"");
        assertThat(request.getCallRequired()).isTrue();
    }

    @Test
    void aToolIsKnownByItsPlaceInTheRequest() {
        assertThat(FieldNames.of(chat(
                                        WEATHER + "," + TIME,
                                        "'tool_choice':{'type':'function','function':{'name':'time'}}")
                                .sent())
                        .told("tools[0].parameters.properties.x"))
                .isEqualTo("tools[1].function.parameters.properties.x");
        assertThat(FieldNames.of(chat(WEATHER + "," + TIME, "'n':1").sent()).told("tools[1].parameters"))
                .isEqualTo("tools[1].function.parameters");
    }

    @Test
    void aRequiredCallIsOneOfTheTools() {
        GenerateRequest request =
                chat(WEATHER + "," + TIME, "'tool_choice':'required'").first();
        assertThat(request.getCallRequired()).isTrue();
        assertThat(request.getToolsList()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "required"})
    void ofAllowedToolsOnlyTheseAreSpokenOf(String mode) {
        String allowed = "'tool_choice':{'type':'allowed_tools','allowed_tools':{'mode':'" + mode
                + "','tools':[{'type':'function','function':{'name':'%s'}}]}}";
        GenerateRequest request =
                chat(WEATHER + "," + TIME, allowed.formatted("time")).first();
        assertThat(request.getToolsList()).hasSize(1);
        assertThat(request.getTools(0)).contains("\"time\"");
        assertThat(request.getCallRequired()).isEqualTo(mode.equals("required"));
        assertThatThrownBy(() -> chat(WEATHER, allowed.formatted("time")))
                .hasMessage(
                        "tool_choice.allowed_tools.tools[0].function.name: time (expected: the name of one of the tools)");
    }

    @Test
    void toolsThatMustNotBeCalledAreNotSpokenOf() {
        GenerateRequest request = chat(WEATHER, "'tool_choice':'none'").first();
        assertThat(request.getToolsList()).isEmpty();
        assertThat(request.getCallRequired()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void findsCallsHoweverTheTextIsCut(int length) {
        String text =
                "Let me see.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>\n"
                        + "<tool_call>{\"name\":\"time\",\"arguments\":{}}</tool_call>";
        JsonNode choice = answer(chat(WEATHER + "," + TIME, "'n':1"), text, length);
        assertThat(choice.at("/message/content").asString()).isEqualTo("Let me see.\n");
        assertThat(choice.at("/message/tool_calls/0/function").toString())
                .isEqualTo("{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Oslo\\\"}\"}");
        assertThat(choice.at("/message/tool_calls/1/function/name").asString()).isEqualTo("time");
        assertThat(choice.at("/message/tool_calls/1/id").asString())
                .isNotEqualTo(choice.at("/message/tool_calls/0/id").asString());
        assertThat(choice.at("/finish_reason").asString()).isEqualTo("tool_calls");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            value = {
                "llama§{\"name\": \"weather\", \"parameters\": {\"city\": \"Oslo\"}}",
                "mistral§[TOOL_CALLS][{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}}]",
                "mistral-named§[TOOL_CALLS]weather[ARGS]{\"city\": \"Oslo\"}",
                "gemma§```tool_code weather(city=\"Oslo\") ```",
            })
    void readsCallsAsTheModelWritesThem(String format, String text) {
        for (int length = 1; length <= text.length(); length++) {
            JsonNode choice = answer(chat(WEATHER, "'n':1"), format, text, length);
            assertThat(choice.at("/message/content").isNull()).isTrue();
            assertThat(choice.at("/message/tool_calls/0/function").toString())
                    .isEqualTo("{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Oslo\\\"}\"}");
            assertThat(choice.at("/finish_reason").asString()).isEqualTo("tool_calls");
        }
        JsonNode other = answer(chat(WEATHER, "'n':1"), "hermes", text, 4);
        assertThat(other.at("/message/content").asString()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a < b and <tool",
                "<tool_call>{\"name\":\"other\",\"arguments\":{}}</tool_call>",
                "<tool_call>{\"name\":\"weather\",\"arguments\":[]}</tool_call> x",
                "<tool_call>{\"name\":</tool_call>",
                "<tool_call>{\"name\": \"weather\"",
            })
    void whatIsNoCallIsContent(String text) {
        for (int length : new int[] {1, 4, 1000}) {
            JsonNode choice = answer(chat(WEATHER, "'n':1"), text, length);
            assertThat(choice.at("/message/content").asString()).isEqualTo(text);
            assertThat(choice.at("/message").has("tool_calls")).isFalse();
            assertThat(choice.at("/finish_reason").asString()).isEqualTo("stop");
        }
    }

    @Test
    void theTextOfANamedCallIsItsArguments() {
        JsonNode choice = answer(chat(WEATHER, NAMED), "{\"city\": \"Oslo\"}", 4);
        assertThat(choice.at("/message/content").isNull()).isTrue();
        assertThat(choice.at("/message/tool_calls/0/function/arguments").asString())
                .isEqualTo("{\"city\": \"Oslo\"}");
        assertThat(choice.at("/message/tool_calls/0").has("index")).isFalse();
    }

    @Test
    void aRequiredCallIsReadFromItsText() {
        TextRequest request = chat(WEATHER + "," + TIME, "'tool_choice':'required'");
        String arguments = "{\"city\": \"} \\\\\\\"]\", \"days\": [{}, 2]}";
        String text = "{\"name\": \"weather\", \"arguments\": " + arguments + "}";
        for (int length = 1; length <= text.length(); length++) {
            JsonNode choice = answer(request, text, length);
            assertThat(choice.at("/message/content").isNull()).isTrue();
            assertThat(choice.at("/message/tool_calls").size()).isEqualTo(1);
            assertThat(choice.at("/message/tool_calls/0/function/name").asString())
                    .isEqualTo("weather");
            assertThat(choice.at("/message/tool_calls/0/function/arguments").asString())
                    .isEqualTo(arguments);
            assertThat(choice.at("/finish_reason").asString()).isEqualTo("tool_calls");
        }
        assertThat(answer(request, "{\"name\": \"time\", \"parameters\": {}}", 7)
                        .at("/message/tool_calls/0/function/name")
                        .asString())
                .isEqualTo("time"); // as Llama has it
    }

    /** As OpenAI tells one that was cut. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1000})
    void aRequiredCallThatIsCutIsToldAsFarAsItHasCome(int length) {
        TextRequest request = chat(WEATHER + "," + TIME, "'tool_choice':'required'");
        JsonNode cut = answer(request, "{\"name\": \"weather\", \"arguments\": {\"ci", length);
        assertThat(cut.at("/message/content").isNull()).isTrue();
        assertThat(cut.at("/message/tool_calls/0/function").toString())
                .isEqualTo("{\"name\":\"weather\",\"arguments\":\"{\\\"ci\"}");
        JsonNode nameless = answer(request, "{\"name\": \"we", length);
        assertThat(nameless.at("/message/content").asString()).isEmpty();
        assertThat(nameless.at("/message").has("tool_calls")).isFalse();
    }

    @Test
    void argumentsStreamOnceTheNameIsKnown() {
        ChatChunks chunks = new ChatChunks(chat(WEATHER + "," + TIME, "'tool_choice':'required'"), HEAD);
        List<String> deltas = events("", "{\"name\":\"time\",\"arguments\":{\"a\":1}}", 8).stream()
                .flatMap(event -> chunks.of(0, event).stream())
                .map(chunk -> chunk.at("/choices/0/delta"))
                .filter(delta -> delta.has("tool_calls"))
                .map(delta -> delta.at("/tool_calls/0/function").toString())
                .toList();
        assertThat(deltas)
                .containsExactly("{\"name\":\"time\",\"arguments\":\"{\\\"a\\\":\"}", "{\"arguments\":\"1}\"}");
    }

    @Test
    void callsAndTheirResultsComeBack() {
        GenerateRequest request = ChatJson.request(Bodies.body(
                        "{'messages':[{'role':'user','content':'x'},{'role':'assistant','content':null,'tool_calls':[{'id':'c',"
                                + "'type':'function','function':{'name':'weather','arguments':'{}'}}]},"
                                + "{'role':'tool','tool_call_id':'c','content':'sunny'}]}"))
                .first();
        assertThat(request.getMessages(1).getContent()).isEmpty();
        assertThat(request.getMessages(1).getToolCalls(0))
                .isEqualTo(ToolCall.newBuilder()
                        .setId("c")
                        .setName("weather")
                        .setArguments("{}")
                        .build());
        assertThat(request.getMessages(2).getContent()).isEqualTo("sunny");
        assertThat(request.getMessages(2).getToolCallId()).isEqualTo("c");
    }

    /** As clients write that came before the tool's result had an id, or that call without arguments. */
    @Test
    void aResultMayNameItsToolAndACallMayHaveNoArguments() {
        GenerateRequest request = ChatJson.request(Bodies.body(
                        "{'messages':[{'role':'user','content':'x'},{'role':'assistant','content':'','tool_calls':[{'id':'c',"
                                + "'type':'function','function':{'name':'time','arguments':''}}]},"
                                + "{'role':'tool','tool_call_id':'c','name':'time','content':'noon'}]}"))
                .first();
        assertThat(request.getMessages(1).getToolCalls(0).getArguments()).isEqualTo("{}");
        assertThat(request.getMessages(2).getContent()).isEqualTo("noon");
    }

    @Test
    void refusesWhatCannotBeForced() {
        assertThatThrownBy(() -> chat(WEATHER, NAMED + ",'response_format':{'type':'json_object'}"))
                .hasMessageContaining("tool_choice");
        assertThatThrownBy(() -> chat(TIME, NAMED))
                .hasMessage("tool_choice.function.name: weather (expected: the name of one of the tools)");
        assertThatThrownBy(() -> chat(TIME + "," + TIME, "'n':1")).hasMessageContaining("a name of its own");
    }

    private static TextRequest chat(String tools, String more) {
        return ChatJson.request(Bodies.body(
                "{'messages':[{'role':'user','content':'Weather?'}],'tools':[" + tools + "]," + more + "}"));
    }

    /** The choice of the whole answer, which must be what the stream's deltas add up to. */
    private static JsonNode answer(TextRequest request, String text, int length) {
        return answer(request, "", text, length);
    }

    private static JsonNode answer(TextRequest request, String format, String text, int length) {
        List<GenerateResponse> events = events(format, text, length);
        TextAnswer whole = new TextAnswer();
        events.forEach(whole::add);
        JsonNode choice =
                ChatJson.answer(request, List.of(whole), HEAD).get("choices").get(0);
        ChatChunks chunks = new ChatChunks(request, HEAD);
        StringBuilder content = new StringBuilder();
        List<String> arguments = new ArrayList<>();
        String reason = "";
        for (GenerateResponse event : events) {
            for (ObjectNode chunk : chunks.of(0, event)) {
                JsonNode delta = chunk.at("/choices/0/delta");
                content.append(delta.path("content").asString(""));
                for (JsonNode call : delta.path("tool_calls")) {
                    int index = call.get("index").asInt();
                    if (index == arguments.size()) {
                        arguments.add("");
                    }
                    arguments.set(
                            index,
                            arguments.get(index)
                                    + call.at("/function/arguments").asString());
                }
                reason = chunk.at("/choices/0/finish_reason").asString(reason);
            }
        }
        assertThat(content.toString()).isEqualTo(choice.at("/message/content").asString(""));
        assertThat(arguments)
                .isEqualTo(choice.at("/message")
                        .path("tool_calls")
                        .valueStream()
                        .map(call -> call.at("/function/arguments").asString())
                        .toList());
        assertThat(reason).isEqualTo(choice.at("/finish_reason").asString());
        return choice;
    }

    private static List<GenerateResponse> events(String format, String text, int length) {
        List<GenerateResponse> events = new ArrayList<>();
        events.add(GenerateResponse.newBuilder()
                .setStarted(Started.newBuilder().setModel("m").setCallFormat(format))
                .build());
        for (int from = 0; from < text.length(); from += length) {
            String piece = text.substring(from, Math.min(text.length(), from + length));
            events.add(GenerateResponse.newBuilder()
                    .setStep(Step.newBuilder().setText(piece))
                    .build());
        }
        events.add(GenerateResponse.newBuilder()
                .setFinished(Finished.newBuilder().setFinishReason("stop"))
                .build());
        return events;
    }
}
