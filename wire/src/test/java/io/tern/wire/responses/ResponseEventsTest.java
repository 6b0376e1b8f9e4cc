package io.tern.wire.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.Started;
import io.tern.decoding.v1.Step;
import io.tern.decoding.v1.Token;
import io.tern.wire.NamedEvent;
import io.tern.wire.StrictJson;
import io.tern.wire.text.AnswerHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ResponseEventsTest {
    private static final String TOOLS =
            "'tools':[{'type':'function','name':'weather'},{'type':'function','name':'time'}]";

    @Test
    void wordsAreOneMessage() {
        Told told = tell("{'input':'x'}", "stop", "Red", " sun");
        assertThat(told.names())
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(told.answer().at("/output").toString())
                .isEqualTo(json("[{'id':'msg_1_0','type':'message','status':'completed','role':'assistant',"
                        + "'content':[{'type':'output_text','text':'Red sun','annotations':[],'logprobs':[]}]}]"));
        assertThat(told.answer().at("/usage").toString())
                .isEqualTo(json(
                        "{'input_tokens':5,'input_tokens_details':{'cached_tokens':4,'cache_write_tokens':0},'output_tokens':2,"
                                + "'output_tokens_details':{'reasoning_tokens':0},'total_tokens':7}"));
        assertThat(told.answer().at("/model").asString()).isEqualTo("m");
        assertThat(told.data("response.created").at("/response/status").asString())
                .isEqualTo("in_progress");
        assertThat(told.data("response.output_item.added").at("/item/content").size())
                .isZero();
    }

    @Test
    void eventsAreNumberedAndNameThemselves() {
        Told told = tell("{'input':'x'," + TOOLS + "}", "stop", "Red", " sun");
        for (int i = 0; i < told.events.size(); i++) {
            NamedEvent event = told.events.get(i);
            assertThat(event.data().at("/sequence_number").asInt()).isEqualTo(i);
            assertThat(event.data().at("/type").asString()).isEqualTo(event.name());
        }
    }

    @Test
    void aTextThatWasCutIsIncomplete() {
        Told told = tell("{'input':'x'}", "length", "Red");
        assertThat(told.names().getLast()).isEqualTo("response.incomplete");
        assertThat(told.answer().at("/status").asString()).isEqualTo("incomplete");
        assertThat(told.answer().at("/incomplete_details/reason").asString()).isEqualTo("max_output_tokens");
        assertThat(told.answer().at("/output/0/status").asString()).isEqualTo("incomplete");
    }

    @Test
    void anAnswerWithoutWordsHasAnEmptyMessage() {
        Told told = tell("{'input':'x'}", "stop");
        assertThat(told.answer().at("/output/0/content/0/text").asString("none"))
                .isEmpty();
    }

    @Test
    void wordsBeforeACallAreAnItemOfTheirOwn() {
        Told told = tell(
                "{'input':'x'," + TOOLS + "}",
                "stop",
                "I look. ",
                "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>",
                "<tool_call>\n{\"name\": \"time\", \"arguments\": {}}\n</tool_call>");
        JsonNode output = told.answer().at("/output");
        assertThat(output.values().stream()
                        .map(item -> item.at("/type").asString())
                        .toList())
                .containsExactly("message", "function_call", "function_call");
        assertThat(output.at("/1/name").asString()).isEqualTo("weather");
        assertThat(StrictJson.read(output.at("/1/arguments").asString().getBytes(StandardCharsets.UTF_8))
                        .toString())
                .isEqualTo("{\"city\":\"Oslo\"}");
        assertThat(output.at("/1/call_id").asString())
                .startsWith("call_")
                .isNotEqualTo(output.at("/2/call_id").asString());
        assertThat(told.joined("response.function_call_arguments.delta"))
                .isEqualTo(output.at("/1/arguments").asString()
                        + output.at("/2/arguments").asString());
        assertThat(told.events.stream()
                        .filter(event -> event.name().equals("response.output_item.done"))
                        .map(event -> event.data().at("/item"))
                        .toList())
                .isEqualTo(List.copyOf(output.values()));
    }

    @Test
    void theArgumentsOfAForcedCallComeBitByBit() {
        Told told = tell(
                "{'input':'x'," + TOOLS + ",'tool_choice':{'type':'function','name':'time'}}", "stop", "{\"a\":", "1}");
        assertThat(told.names().stream()
                        .filter("response.function_call_arguments.delta"::equals)
                        .count())
                .isEqualTo(2);
        assertThat(told.answer().at("/output").size()).isEqualTo(1);
        assertThat(told.answer().at("/output/0/arguments").asString()).isEqualTo("{\"a\":1}");
        assertThat(told.answer().at("/output/0/name").asString()).isEqualTo("time");
    }

    @Test
    void logprobsComeWithTheirWords() {
        Told told = tell("{'input':'x','include':['message.output_text.logprobs']}", "stop", "Red", " sun");
        JsonNode all = told.answer().at("/output/0/content/0/logprobs");
        assertThat(all.values().stream()
                        .map(entry -> entry.at("/token").asString())
                        .toList())
                .containsExactly("Red", " sun");
        assertThat(told.data("response.output_text.delta").at("/logprobs/0").toString())
                .isEqualTo(all.get(0).toString());
        assertThat(told.data("response.output_text.done").at("/logprobs")).isEqualTo(all);
    }

    @Test
    void anAnswerThatIsNotFinishedIsNone() {
        ResponseEvents events = new ResponseEvents(request("{'input':'x'}"), new AnswerHead("resp_1", 1));
        events.of(started());
        assertThatThrownBy(events::response).isInstanceOf(TernException.class);
    }

    private record Told(List<NamedEvent> events, JsonNode answer) {
        List<String> names() {
            return events.stream().map(NamedEvent::name).toList();
        }

        JsonNode data(String name) {
            return events.stream()
                    .filter(event -> event.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .data();
        }

        String joined(String name) {
            return events.stream()
                    .filter(event -> event.name().equals(name))
                    .map(event -> event.data().at("/delta").asString())
                    .collect(Collectors.joining());
        }
    }

    private static Told tell(String body, String finishReason, String... steps) {
        ResponseEvents events = new ResponseEvents(request(body), new AnswerHead("resp_1", 1));
        List<NamedEvent> told = new ArrayList<>(events.of(started()));
        for (String step : steps) {
            told.addAll(events.of(GenerateResponse.newBuilder()
                    .setStep(Step.newBuilder()
                            .setText(step)
                            .addTokens(Token.newBuilder().setText(step).setLogprob(-0.5)))
                    .build()));
        }
        told.addAll(events.of(GenerateResponse.newBuilder()
                .setFinished(Finished.newBuilder()
                        .setFinishReason(finishReason)
                        .setPromptTokens(5)
                        .setCachedTokens(4)
                        .setCompletionTokens(2))
                .build()));
        assertThat(told.getLast().data().at("/response")).isEqualTo(events.response());
        return new Told(told, events.response());
    }

    private static GenerateResponse started() {
        return GenerateResponse.newBuilder()
                .setStarted(Started.newBuilder().setModel("m").setCallFormat("hermes"))
                .build();
    }

    private static ResponseRequest request(String body) {
        return ResponseRequest.of(StrictJson.object(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    private static String json(String singleQuoted) {
        return StrictJson.read(singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
