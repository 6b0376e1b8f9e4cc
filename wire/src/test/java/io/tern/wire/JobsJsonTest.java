package io.tern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobEvent;
import io.tern.jobs.v1.JobResult;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.SubmitRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                        .getDecoding()
                        .getMaxTokens())
                .isEqualTo(16);
        assertThat(JobsJson.submit(
                                Bodies.body(
                                        "{'type':'decoding','request':{'messages':[{'role':'user','content':'x'}],'stream':true}}"),
                                "")
                        .getRequest()
                        .getDecoding()
                        .getMessagesCount())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'cooking','request':{}}|type: cooking (expected: detection, generation or decoding)",
                "{'request':{}}|type: missing (expected: detection, generation or decoding)",
                "{'type':'generation'}|request: missing (expected: object, the body of the synchronous route)",
                "{'type':'generation','request':{'prompt':'x'},'webhook':'http://x'}|webhook: not supported by this server",
                "{'type':'generation','request':{'prompt':'x'},'priority':'live'}|priority: not supported by this server",
                "{'type':'decoding','request':{'prompt':'x','return_token_ids':true}}|return_token_ids: not supported by this server in a job",
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
                {"id":"j1","object":"job","type":"generation","state":"succeeded","progress":1.0,"attempt":1,\
                "created_at":"2023-11-14T22:13:20.500Z","started_at":null,"finished_at":null,"expires_at":null,\
                "result":{"content_type":"image/png","size_bytes":9,"sha256":"ab","url":"/v1/jobs/j1/result"}}""");
        job.clearResult().setError(JobError.newBuilder().setCode("poison").setMessage("it ended its worker"));
        assertThat(JobsJson.job(job.build()).get("error").toString())
                .isEqualTo("{\"code\":\"poison\",\"message\":\"it ended its worker\"}");
        assertThat(JobsJson.list(List.of(job.build()), true).at("/last_id").asString())
                .isEqualTo("j1");
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
