package io.tern.wire.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.wire.Bodies;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class TextChunksTest {
    private static final AnswerHead HEAD = new AnswerHead("id", 1);

    @Test
    void chatBeginsWithTheRoleAndEndsWithUsageAndMetrics() {
        List<ObjectNode> chunks = chat("'stream':true,'stream_options':{'include_usage':true}");
        assertThat(chunks).hasSize(5);
        assertThat(chunks.getFirst().at("/choices/0/delta").toString())
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
        assertThat(text(chunks, "/choices/0/delta/content")).isEqualTo("Red é!");
        assertThat(chunks.get(3).at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        assertThat(chunks.get(3).at("/usage").isNull()).isTrue();
        assertThat(chunks.get(3).has("metrics")).isFalse();
        assertThat(chunks.getLast().at("/choices").isEmpty()).isTrue();
        assertThat(chunks.getLast().at("/usage/total_tokens").asInt()).isEqualTo(4);
        assertThat(chunks.getLast().at("/metrics/speculative_decoding/steps").asInt())
                .isEqualTo(1);
        assertThat(chunks).allMatch(chunk -> chunk.at("/object").asString().equals("chat.completion.chunk"));
    }

    @Test
    void withoutUsageTheMetricsRideOnTheFinish() {
        List<ObjectNode> chunks = chat("'stream':true");
        assertThat(chunks).hasSize(4).noneMatch(chunk -> chunk.has("usage"));
        assertThat(chunks.getLast().at("/metrics/speculative_decoding/drafter").asString())
                .isEqualTo("ngram");
    }

    @Test
    void chunksTellWhichTokensWereDrafted() {
        ObjectNode step = chat("'return_token_ids':true").get(1);
        assertThat(step.get("tern").toString()).isEqualTo("""
            {"drafted":2,"accepted":1,"tokens":[{"id":10,"text":"Red","drafted":true},\
            {"id":11,"text":" \uFFFD","drafted":false}],\
            "draft":[{"id":10,"text":"Red","parent":-1,"accepted":true},\
            {"id":12,"text":" x","parent":0,"accepted":false}]}\
            """);
        assertThat(step.at("/choices/0/token_ids").toString()).isEqualTo("[10,11]");
    }

    @Test
    void completionsEchoThePromptFirst() {
        List<ObjectNode> chunks = completion("'echo':true,'logprobs':1");
        assertThat(text(chunks, "/choices/0/text")).isEqualTo("One twoRed é!");
        assertThat(chunks.get(0).at("/choices/0/logprobs/token_logprobs").toString())
                .isEqualTo("[null,-2.0]");
        assertThat(chunks.get(1).at("/choices/0/logprobs/text_offset").toString())
                .isEqualTo("[7,10]");
        assertThat(chunks.getLast().at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        assertThat(chunks.getLast().has("metrics")).isTrue();
    }

    @Test
    void completionsShowPromptIdsWithoutItsText() {
        List<ObjectNode> chunks = completion("'return_token_ids':true");
        assertThat(text(chunks, "/choices/0/text")).isEqualTo("Red é!");
        assertThat(chunks.get(0).at("/choices/0/prompt_token_ids").toString()).isEqualTo("[1,2]");
    }

    @Test
    void choicesEndOneByOneAndTheUsageComesBehindAll() {
        var chunks = new ChatChunks(
                ChatJson.request(Bodies.body("{'messages':[{'role':'user','content':'x'}],'n':2,'stream':true,"
                        + "'stream_options':{'include_usage':true}}")),
                HEAD);
        List<ObjectNode> all = new ArrayList<>();
        Events.all().forEach(event -> all.addAll(chunks.of(1, event)));
        assertThat(all)
                .allMatch(chunk -> chunk.at("/choices/0/index").asInt() == 1)
                .noneMatch(chunk -> chunk.has("metrics"));
        Events.all().forEach(event -> all.addAll(chunks.of(0, event)));
        assertThat(all).hasSize(9);
        assertThat(all.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(4);
        assertThat(all.getLast().at("/metrics/speculative_decoding/steps").asInt())
                .isEqualTo(2);
    }

    @Test
    void eachChunkTellsWhatItsChoiceHasTakenSoFar() {
        String fields = "'stream':true,'stream_options':{'include_usage':true,'continuous_usage_stats':true}";
        for (List<ObjectNode> chunks : List.of(chat(fields), completion("'echo':true," + fields))) {
            assertThat(chunks.getFirst().get("usage").toString())
                    .isEqualTo("{\"prompt_tokens\":2,\"completion_tokens\":0,\"total_tokens\":2}");
            assertThat(chunks.get(1).get("usage").toString())
                    .isEqualTo("{\"prompt_tokens\":2,\"completion_tokens\":2,\"total_tokens\":4}");
            assertThat(chunks.getLast().at("/usage/total_tokens").asInt()).isEqualTo(4);
        }
    }

    private static List<ObjectNode> chat(String fields) {
        var chunks = new ChatChunks(
                ChatJson.request(Bodies.body("{'messages':[{'role':'user','content':'x'}]," + fields + "}")), HEAD);
        return Events.all().stream()
                .flatMap(event -> chunks.of(0, event).stream())
                .toList();
    }

    private static List<ObjectNode> completion(String fields) {
        var chunks =
                new CompletionChunks(CompletionsJson.request(Bodies.body("{'prompt':'One two'," + fields + "}")), HEAD);
        return Events.all().stream()
                .flatMap(event -> chunks.of(0, event).stream())
                .toList();
    }

    private static String text(List<ObjectNode> chunks, String pointer) {
        return chunks.stream().map(chunk -> chunk.at(pointer).asString("")).collect(Collectors.joining());
    }
}
