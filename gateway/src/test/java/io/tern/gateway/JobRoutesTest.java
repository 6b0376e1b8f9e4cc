package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tern.gateway.TestGateway.Answer;
import io.tern.gateway.TestGateway.Event;
import io.tern.generation.v1.GenerateRequest;
import io.tern.jobs.v1.CancelJobRequest;
import io.tern.jobs.v1.DeleteJobRequest;
import io.tern.jobs.v1.GetJobRequest;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobEvent;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.JobServiceGrpc;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.ListJobsRequest;
import io.tern.jobs.v1.SubmitRequest;
import io.tern.jobs.v1.WatchRequest;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobRoutesTest {
    private static final String PIZZA = "{'type':'generation','request':{'prompt':'pizza'}}";

    private final TestGateway gateway = TestGateway.shared();
    private final FakeJobs jobs = gateway.context.getBean(FakeJobs.class);

    @Test
    void aJobIsAcceptedAndFoundAgain() {
        Answer accepted = gateway.post("/v1/jobs", PIZZA);
        assertThat(accepted.status()).isEqualTo(202);
        String id = accepted.json().at("/id").asString();
        assertThat(accepted.header("Location")).isEqualTo("/v1/jobs/" + id);
        assertThat(accepted.json().at("/state").asString()).isEqualTo("running");
        assertThat(gateway.get("/v1/jobs/" + id).json()).isEqualTo(accepted.json());
        Answer list = gateway.get("/v1/jobs?limit=1&state=running");
        assertThat(list.json().at("/data/0/id").asString()).isEqualTo(id);
    }

    @Test
    void theSameKeyGivesTheSameJobAndAnotherBodyIsRefused() {
        Answer first = gateway.post("/v1/jobs", PIZZA, "Idempotency-Key", "same");
        Answer second = gateway.post("/v1/jobs", PIZZA, "Idempotency-Key", "same");
        assertThat(second.json().at("/id")).isEqualTo(first.json().at("/id"));
        Answer other = gateway.post(
                "/v1/jobs", "{'type':'generation','request':{'prompt':'other'}}", "Idempotency-Key", "same");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.json().at("/code").asString()).isEqualTo("idempotency_conflict");
    }

    @Test
    void aJobHasAPriority() {
        Answer accepted = gateway.post("/v1/jobs", PIZZA.replace("}}", "},'priority':'live'}"));
        assertThat(accepted.json().at("/priority").asString()).isEqualTo("live");
        assertThat(gateway.post("/v1/jobs", PIZZA).json().at("/priority").asString())
                .isEqualTo("batch");
        Answer wrong = gateway.post("/v1/jobs", PIZZA.replace("}}", "},'priority':'high'}"));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().at("/detail").asString()).isEqualTo("priority: high (expected: live or batch)");
    }

    /** This gateway listens on loopback alone and names no hosts. */
    @Test
    void aWebhookThatMayNotBeCalledIsRefused() {
        for (String address : List.of("http://10.0.0.1:9/", "https://hooks.example/", "nowhere")) {
            Answer refused = gateway.post("/v1/jobs", PIZZA.replace("}}", "},'webhook':'" + address + "'}"));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.json().at("/param").asString()).isEqualTo("webhook");
            var stub = JobServiceGrpc.newBlockingStub(gateway.channel);
            SubmitRequest request =
                    SubmitRequest.newBuilder().setWebhook(address).build();
            assertThatThrownBy(() -> stub.submit(request))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT))
                    .hasMessageContaining("webhook: ");
        }
        Answer accepted = gateway.post("/v1/jobs", PIZZA.replace("}}", "},'webhook':'http://127.0.0.1:9/'}"));
        assertThat(accepted.status()).isEqualTo(202);
    }

    @Test
    void theResultComesOnceItSucceeded() {
        String id = submit();
        Answer early = gateway.get("/v1/jobs/" + id + "/result");
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.json().at("/detail").asString()).isEqualTo("state: running (expected: succeeded)");
        jobs.succeed(id);
        Answer result = gateway.get("/v1/jobs/" + id + "/result");
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.header("Content-Type")).isEqualTo("image/png");
        assertThat(result.response().body()).isEqualTo(FakeJobs.RESULT);
        assertThat(gateway.get("/v1/jobs/" + id).json().at("/result/url").asString())
                .isEqualTo("/v1/jobs/" + id + "/result");
        Answer head = gateway.method("HEAD", "/v1/jobs/" + id + "/result");
        assertThat(head.header("Content-Length")).isEqualTo("3");
        assertThat(head.header("ETag")).isEqualTo(result.header("ETag"));
        assertThat(head.response().body()).isEmpty();
        assertThat(gateway.method("HEAD", "/v1/jobs/" + id).status()).isEqualTo(200);
        assertThat(gateway.method("HEAD", "/v1/jobs/" + id + "/events").status())
                .isEqualTo(405);
    }

    @Test
    void eventsAreNamedNumberedAndEndWithDone() {
        String id = submit();
        jobs.succeed(id);
        List<Event> events = gateway.get("/v1/jobs/" + id + "/events").events();
        assertThat(events)
                .extracting(Event::name)
                .containsExactly("state", "progress", "preview", "token", "state", "done");
        assertThat(events).extracting(Event::id).containsExactly("0", "1", "2", "3", "4", "4");
        assertThat(events.get(1).json().at("/progress").asDouble()).isEqualTo(0.5);
        assertThat(events.get(3).json().at("/text").asString()).isEqualTo("Hi");
        assertThat(events.getLast().json().at("/state").asString()).isEqualTo("succeeded");
    }

    @Test
    void eventsGoOnAfterTheLastOneThatWasSeen() {
        String id = submit();
        jobs.succeed(id);
        List<Event> events =
                gateway.get("/v1/jobs/" + id + "/events", "Last-Event-ID", "2").events();
        assertThat(events).extracting(Event::name).containsExactly("token", "state", "done");
        Answer wrong = gateway.get("/v1/jobs/" + id + "/events", "Last-Event-ID", "x");
        assertThat(wrong.status()).isEqualTo(400);
    }

    @Test
    void eventsOfAJobThatIsErasedEndWithATypedError() throws Exception {
        String id = submit();
        try (Socket client = events(id)) {
            readUntil(client.getInputStream(), "event: token");
            assertThat(gateway.method("DELETE", "/v1/jobs/" + id).status()).isEqualTo(204);
            readUntil(client.getInputStream(), "event: error\ndata: {\"type\":\"about:blank\"");
        }
        assertThat(gateway.get("/v1/jobs/" + id).status()).isEqualTo(404);
        assertThat(gateway.get("/v1/jobs/" + id + "/events").status()).isEqualTo(404);
    }

    @Test
    void leavingEventsEndsTheWatch() throws Exception {
        String id = submit();
        try (Socket client = events(id)) {
            readUntil(client.getInputStream(), "event: token");
        }
        assertThat(jobs.marks.happensWithin("left " + id, 1_000)).isTrue();
    }

    @Test
    void aJobIsCancelled() {
        String id = submit();
        Answer cancelled = gateway.method("POST", "/v1/jobs/" + id + "/cancel");
        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.json().at("/state").asString()).isEqualTo("cancelled");
    }

    @Test
    void refusesByName() {
        assertThat(gateway.get("/v1/jobs?stat=queued").json().at("/detail").asString())
                .isEqualTo("stat: unknown field (nearest: state)");
        assertThat(gateway.get("/v1/jobs?state=done").status()).isEqualTo(400);
        assertThat(gateway.get("/v1/jobs?limit=many").status()).isEqualTo(400);
        assertThat(gateway.get("/v1/jobs/unknown").status()).isEqualTo(404);
        assertThat(gateway.get("/v1/jobs/..%2f..%2fetc").status()).isIn(400, 404);
        assertThat(gateway.post("/v1/jobs", "{'type':'generation','request':{'prompt':'x','stepps':1}}")
                        .json()
                        .at("/param")
                        .asString())
                .isEqualTo("stepps");
        Answer late = gateway.post("/v1/jobs", "{'type':'generation','request':{'prompt':'x'},'timeout_s':-1}");
        assertThat(late.json().at("/param").asString()).isEqualTo("timeout_s");
        assertThat(late.json().at("/detail").asString()).isEqualTo("timeout_s: -1 (expected: 1..604800)");
        assertThat(gateway.method("PUT", "/v1/jobs/j1").header("Allow")).contains("GET", "DELETE");
    }

    @Test
    void theSameJobsAreThereOverGrpc() {
        var stub = JobServiceGrpc.newBlockingStub(gateway.channel).withDeadlineAfter(20, TimeUnit.SECONDS);
        Job job = stub.submit(SubmitRequest.newBuilder()
                .setRequest(JobRequest.newBuilder()
                        .setGeneration(GenerateRequest.newBuilder().setPrompt("x")))
                .build());
        assertThat(gateway.get("/v1/jobs/" + job.getId()).status()).isEqualTo(200);
        assertThat(stub.get(GetJobRequest.newBuilder().setId(job.getId()).build()))
                .isEqualTo(job);
        assertThat(stub.list(ListJobsRequest.newBuilder().setLimit(1).build()).getJobs(0))
                .isEqualTo(job);
        jobs.succeed(job.getId());
        List<JobEvent> events = new ArrayList<>();
        stub.watch(WatchRequest.newBuilder().setId(job.getId()).build()).forEachRemaining(events::add);
        assertThat(events).hasSize(5);
        assertThat(events.getLast().getState().getState()).isEqualTo(JobState.SUCCEEDED);
        assertThat(stub.cancel(CancelJobRequest.newBuilder().setId(job.getId()).build())
                        .getState())
                .isEqualTo(JobState.SUCCEEDED);
        stub.delete(DeleteJobRequest.newBuilder().setId(job.getId()).build());
        assertThatThrownBy(() ->
                        stub.get(GetJobRequest.newBuilder().setId(job.getId()).build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    @Test
    void leavingAWatchOverGrpcEndsIt() throws InterruptedException {
        String id = submit();
        var events = JobServiceGrpc.newBlockingStub(gateway.channel)
                .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                .watch(WatchRequest.newBuilder().setId(id).build());
        assertThatThrownBy(() -> events.forEachRemaining(_ -> {})).isInstanceOf(StatusRuntimeException.class);
        assertThat(jobs.marks.happensWithin("left " + id, 2_000)).isTrue();
    }

    private String submit() {
        return gateway.post("/v1/jobs", PIZZA).json().at("/id").asString();
    }

    private Socket events(String id) throws Exception {
        Socket socket = new Socket("127.0.0.1", gateway.port);
        socket.setSoTimeout(10_000);
        socket.getOutputStream()
                .write(("GET /v1/jobs/" + id + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** Reads byte by byte, so that nothing after the text is lost. */
    private static void readUntil(InputStream in, String text) throws Exception {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            int next = in.read();
            assertThat(next).as(read.toString()).isNotNegative();
            read.append((char) next);
        }
    }
}
