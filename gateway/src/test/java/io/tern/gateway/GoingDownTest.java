package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.gateway.TestGateway.Answer;
import io.tern.gateway.TestGateway.Event;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.JobServiceGrpc;
import io.tern.jobs.v1.SubmitRequest;
import io.tern.jobs.v1.WatchRequest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A gateway of its own, which is ended while it works. */
class GoingDownTest {
    /** With its first heartbeat the answer has begun, and its status can say nothing any more. */
    @Test
    void aStreamThatHasOnlySentHeartbeatsEndsWithAnErrorEvent() throws Exception {
        TestGateway gateway = new TestGateway("--tern.last-call=200ms");
        HttpRequest request = gateway.request("/v1/completions", "Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"hang quiet\",\"stream\":true}"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Iterator<String> lines = client.send(request, HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .iterator();
            assertThat(lines.next()).isEqualTo(": keep-alive");
            CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway.context::close);
            List<String> rest = new ArrayList<>();
            lines.forEachRemaining(rest::add);
            assertThat(rest).anyMatch(line -> line.contains("the server is going down"));
            closed.get(10, TimeUnit.SECONDS);
        }
        gateway.channel.shutdownNow();
    }

    @Test
    void whatIsUnderWayEndsWithATypedError() throws Exception {
        TestGateway gateway = new TestGateway("--tern.last-call=200ms");
        Marks marks = gateway.services.decoding.marks;
        CompletableFuture<Answer> stream = CompletableFuture.supplyAsync(
                () -> gateway.post("/v1/completions", "{'prompt':'step-hang stream','stream':true}"));
        CompletableFuture<Answer> whole =
                CompletableFuture.supplyAsync(() -> gateway.post("/v1/completions", "{'prompt':'hang whole'}"));
        var events = DecodingServiceGrpc.newBlockingStub(gateway.channel)
                .generate(GenerateRequest.newBuilder()
                        .setPrompt("step-hang native")
                        .build());
        assertThat(events.next().hasStarted()).isTrue();
        marks.await("begun step-hang stream");
        marks.await("begun hang whole");

        CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway.context::close);

        List<Event> told = stream.get(10, TimeUnit.SECONDS).events();
        assertThat(told.getLast().json().at("/error/message").asString()).isEqualTo("the server is going down");
        assertThat(whole.get(10, TimeUnit.SECONDS).status()).isEqualTo(503);
        assertThat(whole.get().header("Retry-After")).isEqualTo("1");
        assertThatThrownBy(() -> events.forEachRemaining(_ -> {}))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    assertThat(e.getStatus().getDescription()).isEqualTo("the server is going down");
                });
        marks.await("cancelled step-hang stream");
        marks.await("cancelled hang whole");
        marks.await("cancelled step-hang native");
        closed.get(10, TimeUnit.SECONDS);
        gateway.channel.shutdownNow();
    }

    @Test
    void aWatchedJobEndsItsWatchInWords() throws Exception {
        TestGateway gateway = new TestGateway("--tern.last-call=200ms");
        var jobs = JobServiceGrpc.newBlockingStub(gateway.channel);
        Job job = jobs.submit(SubmitRequest.newBuilder()
                .setRequest(JobRequest.newBuilder()
                        .setGeneration(io.tern.generation.v1.GenerateRequest.newBuilder()
                                .setPrompt("x")))
                .build());
        var events = jobs.watch(WatchRequest.newBuilder().setId(job.getId()).build());
        assertThat(events.next().hasState()).isTrue();

        CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway.context::close);

        assertThatThrownBy(() -> events.forEachRemaining(_ -> {}))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    assertThat(StatusProto.fromThrowable(e).getDetailsList())
                            .as("details, which a cut by the transport has not")
                            .isNotEmpty();
                });
        closed.get(10, TimeUnit.SECONDS);
        gateway.channel.shutdownNow();
    }
}
