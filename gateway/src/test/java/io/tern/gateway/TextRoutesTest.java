package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.gateway.TestGateway.Answer;
import io.tern.gateway.TestGateway.Event;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TextRoutesTest {
    private final TestGateway gateway = TestGateway.shared();

    @Test
    void chatAnswersWhole() {
        Answer answer = gateway.post(
                "/v1/chat/completions", "{'model':'smollm','messages':[{'role':'user','content':'hello'}]}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().at("/object").asString()).isEqualTo("chat.completion");
        assertThat(answer.json().at("/id").asString()).startsWith("chatcmpl-");
        assertThat(answer.json().at("/choices/0/message/content").asString()).isEqualTo("One two three four five");
        assertThat(answer.json()
                        .at("/metrics/speculative_decoding/mean_acceptance_length")
                        .asDouble())
                .isEqualTo(1.5);
    }

    @Test
    void responsesAnswerWholeAndStreamed() {
        Answer whole = gateway.post("/v1/responses", "{'input':'hello'}");
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.json().at("/object").asString()).isEqualTo("response");
        assertThat(whole.json().at("/output/0/content/0/text").asString()).isEqualTo("One two three four five");
        List<Event> events =
                gateway.post("/v1/responses", "{'input':'hello','stream':true}").events();
        assertThat(events).allMatch(event -> event.json().at("/type").asString().equals(event.name()));
        assertThat(events.stream()
                        .filter(event -> event.name().equals("response.output_text.delta"))
                        .map(event -> event.json().at("/delta").asString())
                        .collect(Collectors.joining()))
                .isEqualTo("One two three four five");
        assertThat(events.getLast().name()).isEqualTo("response.completed");
        Answer refused = gateway.post("/v1/responses", "{'input':'error-INVALID_ARGUMENT'}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/error/param").asString()).isEqualTo("temperature");
        List<Event> failed = gateway.post("/v1/responses", "{'input':'step-fail','stream':true}")
                .events();
        assertThat(failed.getLast().json().at("/error/code").asString()).isEqualTo("overloaded");
    }

    private void assertNamed(String route, String body, String path) {
        Answer refused = gateway.post(route, body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/error/param").asString()).isEqualTo(path);
        assertThat(refused.json().at("/error/message").asString()).isEqualTo(path + ": 1 (expected: 2)");
    }

    @Test
    void whatIsWrongIsNamedAsItWasSent() {
        Answer refused = gateway.post("/v1/completions", "{'prompt':[1,-1]}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/error/param").asString()).isEqualTo("prompt");
        assertThat(refused.json().at("/error/message").asString()).isEqualTo("prompt: -1 (expected: 0..9)");
        String tools =
                "'tools':[{'type':'function','function':{'name':'a'}},{'type':'function','function':{'name':'b'}}],"
                        + "'tool_choice':{'type':'function','function':{'name':'b'}}";
        assertNamed("/v1/completions", "{'prompt':'field-regex','guided_regex':'a'}", "guided_regex");
        assertNamed(
                "/v1/chat/completions",
                "{'messages':[{'role':'user','content':'field-tools[0].parameters.properties.x'}]," + tools + "}",
                "tools[1].function.parameters.properties.x");
        assertNamed(
                "/v1/responses",
                "{'input':'field-tools[0].parameters.x','tools':[{'type':'function','name':'a'}]}",
                "tools[0].parameters.x");
        assertNamed(
                "/v1/responses",
                "{'input':'field-json_schema.anyOf[1].x','text':{'format':{'type':'json_schema','name':'a','schema':{}}}}",
                "text.format.schema.anyOf[1].x");
        Answer other = gateway.post("/v1/completions", "{'prompt':'error-INVALID_ARGUMENT'}");
        assertThat(other.json().at("/error/param").asString()).isEqualTo("temperature");
    }

    @Test
    void tokensAreToldAsVllmTellsThem() {
        assertThat(gateway.post("/tokenize", "{'prompt':'a'}").text())
                .isEqualTo("{\"count\":1,\"max_model_len\":99,\"tokens\":[7],\"token_strs\":null}");
        assertThat(gateway.post("/tokenize", "{'prompt':'a','add_special_tokens':false,'return_token_strs':true}")
                        .text())
                .isEqualTo("{\"count\":1,\"max_model_len\":99,\"tokens\":[8],\"token_strs\":[\"x\"]}");
        assertThat(gateway.post("/detokenize", "{'tokens':[1,2]}").text()).isEqualTo("{\"prompt\":\"[1, 2]\"}");
        Answer refused = gateway.post("/tokenize", "{'prompt':'refused'}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/error/message").asString()).isEqualTo("prompt: refused (expected: another)");
    }

    @Test
    void embeddingsAreOpenAis() {
        Answer answer = gateway.post("/v1/embeddings", "{'input':['a','bcd']}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/data/1/embedding").toString()).isEqualTo("[3.0,0.5]");
        assertThat(answer.json().at("/usage/total_tokens").intValue()).isEqualTo(3);
        Answer refused = gateway.post("/v1/embeddings", "{'input':['']}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/error/param").asString()).isEqualTo("input[0]");
    }

    @Test
    void examplesAreFoundForEachPicture() {
        String picture = "'image':'data:image/png;base64,AA=='";
        Answer answer = gateway.post(
                "/v1/similar", "{'pictures':[{" + picture + "}],'examples':[{'name':'cat'," + picture + "}]}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/data/0/examples/0/name").asString()).isEqualTo("cat");
        Answer refused = gateway.post("/v1/similar", "{'pictures':[{}]}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/param").asString()).isEqualTo("pictures[0].image");
    }

    @Test
    void theStreamEqualsTheWhole() {
        List<Event> events = gateway.post("/v1/chat/completions", """
                {'messages':[{'role':'user','content':'hello'}],'stream':true,'stream_options':{'include_usage':true}}""").events();
        assertThat(events.getLast().data()).isEqualTo("[DONE]");
        List<Event> chunks = events.subList(0, events.size() - 1);
        assertThat(chunks).allMatch(chunk -> chunk.name().equals("message"));
        assertThat(chunks.stream()
                        .map(chunk ->
                                chunk.json().at("/choices/0/delta/content").asString(""))
                        .collect(Collectors.joining()))
                .isEqualTo("One two three four five");
        assertThat(chunks.stream()
                        .map(chunk -> chunk.json().at("/id").asString())
                        .distinct())
                .hasSize(1);
        assertThat(chunks.getLast().json().at("/usage/prompt_tokens").asInt()).isEqualTo(3);
        assertThat(chunks.getLast()
                        .json()
                        .at("/metrics/speculative_decoding/drafter")
                        .asString())
                .isEqualTo("ngram");
        assertThat(chunks.get(1).json().at("/tern/tokens/0/drafted").asBoolean())
                .isTrue();
    }

    @Test
    void completionsAnswerWholeAndStreamed() {
        Answer whole = gateway.post("/v1/completions", "{'prompt':'hello'}");
        assertThat(whole.json().at("/choices/0/text").asString()).isEqualTo("One two three four five");
        List<Event> events = gateway.post("/v1/completions", "{'prompt':'hello','stream':true}")
                .events();
        assertThat(events.subList(0, events.size() - 1).stream()
                        .map(chunk -> chunk.json().at("/choices/0/text").asString(""))
                        .collect(Collectors.joining()))
                .isEqualTo("One two three four five");
    }

    @Test
    void textCannotForgeEvents() {
        List<Event> events = gateway.post("/v1/completions", "{'prompt':'inject','stream':true}")
                .events();
        assertThat(events).hasSize(3).allMatch(event -> event.name().equals("message"));
        assertThat(events.getFirst().json().at("/choices/0/text").asString()).isEqualTo(FakeDecoding.INJECTION);
        assertThat(events.getFirst().data()).doesNotContain("\u2028", "\u0085", "\r");
    }

    @Test
    void anErrorBeforeTheFirstEventIsAnOrdinaryOne() {
        Answer answer = gateway.post("/v1/completions", "{'prompt':'error-MODEL_NOT_FOUND','stream':true}");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().at("/error/code").asString()).isEqualTo("model_not_found");
    }

    @Test
    void aFailingStreamEndsWithATypedError() {
        Answer answer = gateway.post("/v1/completions", "{'prompt':'step-fail','stream':true}");
        assertThat(answer.status()).isEqualTo(200);
        List<Event> events = answer.events();
        assertThat(events).hasSize(2);
        assertThat(events.getLast().json().toString())
                .isEqualTo("{\"error\":{\"message\":\"queue: full\",\"type\":\"rate_limit_error\",\"param\":null,"
                        + "\"code\":\"overloaded\"},\"request_id\":\"" + answer.header("X-Request-Id") + "\"}");
    }

    @Test
    void theCallersKeyReachesTheService() throws InterruptedException {
        gateway.post("/v1/completions", "{'prompt':'hello'}", "Authorization", "Bearer text-routes");
        gateway.services.decoding.marks.await("key Bearer text-routes");
    }

    @Test
    void theRequestIdReachesTheService() throws InterruptedException {
        Answer answer = gateway.post("/v1/completions", "{'prompt':'hello'}", "X-Request-Id", "text.routes-1");
        assertThat(answer.header("X-Request-Id")).isEqualTo("text.routes-1");
        gateway.services.decoding.marks.await("request id text.routes-1");
    }
}
