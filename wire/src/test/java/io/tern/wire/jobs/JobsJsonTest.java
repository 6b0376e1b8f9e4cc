package io.tern.wire.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobEvent;
import io.tern.jobs.v1.JobPriority;
import io.tern.jobs.v1.JobResult;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.SubmitRequest;
import io.tern.jobs.v1.TextsRequest;
import io.tern.wire.Bodies;
import io.tern.wire.NamedEvent;
import io.tern.wire.text.ChatJson;
import io.tern.wire.text.CompletionsJson;
import io.tern.wire.text.TextRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class JobsJsonTest {
    @Test
    void readsTheBodyOfTheSynchronousRoute() {
        SubmitRequest submit = JobsJson.submit(
                Bodies.body("{'type':'generation','request':{'prompt':'pizza','seed':3,'steps':12},'timeout_s':60}"),
                "key");
        assertThat(submit.getIdempotencyKey()).isEqualTo("key");
        assertThat(submit.getTimeoutSeconds()).isEqualTo(60);
        assertThat(submit.getRequest().getGeneration().getPrompt()).isEqualTo("pizza");
        assertThat(JobsJson.submit(Bodies.body("{'type':'decoding','request':{'prompt':'x'}}"), "")
                        .getRequest()
                        .getTexts()
                        .getPrompts(0)
                        .getMaxTokens())
                .isEqualTo(16);
        assertThat(JobsJson.submit(
                                Bodies.body(
                                        "{'type':'decoding','request':{'messages':[{'role':'user','content':'x'}],'stream':true}}"),
                                "")
                        .getRequest()
                        .getTexts()
                        .getPrompts(0)
                        .getMessagesCount())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':[{'role':'user','content':'x'}],'n':3,'seed':5}",
                "{'messages':[{'role':'user','content':'x'}],'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':'required','return_token_ids':true}",
                "{'messages':[{'role':'user','content':'x'}],'tools':[{'type':'function','function':{'name':'f'}}],'parallel_tool_calls':false}",
                "{'prompt':['a',[1,2]],'n':2,'echo':true,'logprobs':2}",
            })
    void aJobAsksForWhatTheRequestAsksFor(String body) {
        TextRequest request = body.contains("messages")
                ? ChatJson.request(Bodies.body(body))
                : CompletionsJson.request(Bodies.body(body));
        TextRequest job = TextRequest.of(request.job());
        assertThat(job.choices()).isEqualTo(request.choices());
        assertThat(job.perPrompt()).isEqualTo(request.perPrompt());
        assertThat(job.returnTokenIds()).isEqualTo(request.returnTokenIds());
        assertThat(job.echoText()).isEqualTo(request.echoText());
        assertThat(job.tools().choice()).isEqualTo(request.tools().choice());
        assertThat(job.tools().has("f")).isEqualTo(request.tools().has("f"));
        assertThat(job.tools().isOffered() && job.tools().several())
                .isEqualTo(request.tools().isOffered() && request.tools().several());
    }

    @Test
    void refusesAJobOfMoreTextsThanAnAnswerHas() {
        TextsRequest.Builder job = TextsRequest.newBuilder();
        assertThatThrownBy(() -> TextRequest.of(job.build())).hasMessageContaining("prompts: none");
        job.addPrompts(GenerateRequest.newBuilder().setPrompt("a")).setN(17);
        assertThatThrownBy(() -> TextRequest.of(job.build())).hasMessage("n: 17 (expected: 1..16)");
        job.addPrompts(GenerateRequest.newBuilder().setPrompt("b"))
                .addPrompts(GenerateRequest.newBuilder().setPrompt("c"))
                .setN(16);
        assertThatThrownBy(() -> TextRequest.of(job.build())).hasMessageContaining("48 texts");
    }

    @Test
    void readsThePriority() {
        String body = "{'type':'decoding','request':{'prompt':'x'},'priority':'%s'}";
        assertThat(JobsJson.submit(Bodies.body(body.formatted("live")), "").getPriority())
                .isEqualTo(JobPriority.LIVE);
        assertThat(JobsJson.submit(Bodies.body(body.formatted("batch")), "").getPriority())
                .isEqualTo(JobPriority.BATCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'cooking','request':{}}|type: cooking (expected: detection, generation or decoding)",
                "{'request':{}}|type: missing (expected: detection, generation or decoding)",
                "{'type':'generation'}|request: missing (expected: object, the body of the synchronous route)",
                "{'type':'generation','request':{'prompt':'x'},'webhook':7}|webhook: 7 (expected: string)",
                "{'type':'generation','request':{'prompt':'x'},'priority':'high'}|priority: high (expected: live or batch)",
                "{'type':'generation','request':{'prompt':'x'},'priority':1}|priority: 1 (expected: string)",
                "{'type':'decoding','request':{'prompt':'x','n':17}}|n: 17 (expected: 1..16)",
            })
    void refusesByName(String body, String message) {
        assertThatThrownBy(() -> JobsJson.submit(Bodies.body(body), "")).hasMessage(message);
    }

    @Test
    void writesAJob() {
        Job.Builder job = Job.newBuilder()
                .setId("j1")
                .setType("generation")
                .setState(JobState.SUCCEEDED)
                .setProgress(1)
                .setAttempt(1)
                .setCreatedAt(Timestamp.newBuilder().setSeconds(1700000000).setNanos(500_000_000))
                .setResult(JobResult.newBuilder()
                        .setContentType("image/png")
                        .setSizeBytes(9)
                        .setSha256("ab"));
        assertThat(JobsJson.job(job.build()).toString()).isEqualTo("""
                {"id":"j1","object":"job","type":"generation","state":"succeeded","priority":"batch","progress":1.0,"attempt":1,\
                "created_at":"2023-11-14T22:13:20.500Z","started_at":null,"finished_at":null,"expires_at":null,\
                "result":{"content_type":"image/png","size_bytes":9,"sha256":"ab","url":"/v1/jobs/j1/result"}}""");
        job.clearResult().setError(JobError.newBuilder().setCode("poison").setMessage("it ended its worker"));
        assertThat(JobsJson.job(job.build()).get("error").toString())
                .isEqualTo("{\"code\":\"poison\",\"message\":\"it ended its worker\"}");
        assertThat(JobsJson.list(List.of(job.build()), true).at("/last_id").asString())
                .isEqualTo("j1");
    }

    @Test
    void tellsAWebhookHowAJobEnded() {
        Job job = Job.newBuilder()
                .setId("j1")
                .setType("decoding")
                .setState(JobState.EXPIRED)
                .setFinishedAt(Timestamp.newBuilder().setSeconds(1700000000))
                .setWebhook("https://hooks.example/tern")
                .build();
        ObjectNode told = JobsJson.webhook(job);
        assertThat(told.get("type").asString()).isEqualTo("job.expired");
        assertThat(told.get("timestamp").asString()).isEqualTo("2023-11-14T22:13:20Z");
        assertThat(told.get("data")).isEqualTo(JobsJson.job(job));
        assertThat(told.at("/data/webhook").asString()).isEqualTo("https://hooks.example/tern");
    }

    @Test
    void namesEvents() {
        NamedEvent event = JobsJson.event(
                        JobEvent.newBuilder().setAttempt(2).setProgress(0.5).build())
                .orElseThrow();
        assertThat(event.name()).isEqualTo("progress");
        assertThat(event.data().toString()).isEqualTo("{\"progress\":0.5,\"attempt\":2}");
        assertThat(JobsJson.event(JobEvent.newBuilder()
                                .setState(Job.newBuilder().setState(JobState.QUEUED))
                                .build())
                        .orElseThrow()
                        .data()
                        .at("/state")
                        .asString())
                .isEqualTo("queued");
    }

    @Test
    void readsStates() {
        assertThat(JobsJson.state("expired")).isEqualTo(JobState.EXPIRED);
        assertThatThrownBy(() -> JobsJson.state("done")).hasMessageStartingWith("state: done (expected: queued");
    }
}
