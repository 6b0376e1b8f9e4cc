package io.tern.gateway.jobs;

import io.tern.base.TernException;
import io.tern.gateway.keys.KeyFilter;
import io.tern.gateway.problem.Problem;
import io.tern.gateway.problem.ProblemException;
import io.tern.gateway.problem.SentNames;
import io.tern.gateway.stream.EventStreams;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.gateway.webhook.WebhookHosts;
import io.tern.jobs.kafka.JobPage;
import io.tern.jobs.kafka.StoredResult;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.ListJobsRequest;
import io.tern.wire.Fields;
import io.tern.wire.jobs.JobsJson;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** {@code /v1/jobs} and what lies under it. The desk blocks, so each question has a virtual thread. */
public final class JobsHandler {
    private static final String ID = "/v1/jobs/{id}";
    private static final int PIECE_BYTES = 64 << 10;
    private static final SentNames TIMEOUT = new SentNames(Map.of("timeout_seconds", "timeout_s"));

    private final RequestBody bodies;
    private final JobDesk desk;
    private final WebhookHosts webhooks;
    private final EventStreams streams;
    private final Scheduler workers;

    public JobsHandler(
            RequestBody bodies, JobDesk desk, WebhookHosts webhooks, EventStreams streams, Scheduler workers) {
        this.bodies = bodies;
        this.desk = desk;
        this.webhooks = webhooks;
        this.streams = streams;
        this.workers = workers;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/v1/jobs", this::submit),
                Endpoint.get("/v1/jobs", this::list),
                Endpoint.get(ID, request -> job(() -> jobs(request).get(id(request)))),
                Endpoint.stream(ID + "/events", this::events),
                Endpoint.get(ID + "/result", this::result),
                Endpoint.post(ID + "/cancel", request -> job(() -> jobs(request).cancel(id(request)))),
                Endpoint.delete(ID, this::delete));
    }

    private Mono<ServerResponse> submit(ServerRequest request) {
        String key = request.headers().firstHeader("Idempotency-Key");
        return bodies.json(request, RequestBody.PICTURE_LIMIT)
                .map(body -> JobsJson.submit(body, key == null ? "" : key))
                .doOnNext(submit -> KeyFilter.caller(request)
                        .limits()
                        .check(submit.getRequest().getGeneration()))
                .flatMap(submit -> TIMEOUT.of(blocking(() -> jobs(request).submit(submit))))
                .flatMap(job -> JsonAnswer.of(
                        ServerResponse.accepted().location(URI.create("/v1/jobs/" + job.getId())), JobsJson.job(job)));
    }

    private Mono<ServerResponse> list(ServerRequest request) {
        return blocking(() -> jobs(request).list(question(request)))
                .flatMap((JobPage page) -> JsonAnswer.ok(JobsJson.list(page.jobs(), page.hasMore())));
    }

    private static ListJobsRequest question(ServerRequest request) {
        Fields fields = Fields.form(request.queryParams().toSingleValueMap());
        ListJobsRequest.Builder question = ListJobsRequest.newBuilder();
        fields.text("state").map(JobsJson::state).ifPresent(question::setState);
        fields.text("type").ifPresent(question::setType);
        fields.int32("limit").ifPresent(question::setLimit);
        fields.text("after").ifPresent(question::setAfter);
        fields.refuseUnknown();
        return question.build();
    }

    private Mono<ServerResponse> events(ServerRequest request) {
        return Mono.defer(() -> {
            long after = lastEventId(request);
            return streams.answer(
                    request, JobEvents.of(jobs(request), id(request), after).subscribeOn(workers));
        });
    }

    private static long lastEventId(ServerRequest request) {
        String last = request.headers().firstHeader("Last-Event-ID");
        if (last == null || last.isEmpty()) {
            return 0;
        }
        if (!last.matches("[0-9]{1,18}")) {
            throw TernException.invalid("Last-Event-ID", "not one", "the id of an event");
        }
        return Long.parseLong(last);
    }

    private Mono<ServerResponse> result(ServerRequest request) {
        return blocking(() -> stored(jobs(request), id(request)))
                .flatMap(result -> ServerResponse.ok()
                        .contentType(MediaType.parseMediaType(result.contentType()))
                        .contentLength(result.sizeBytes())
                        .eTag("\"" + result.sha256() + "\"")
                        .header("Cache-Control", "private, no-cache")
                        .body(BodyInserters.fromDataBuffers(
                                request.method() == HttpMethod.HEAD ? Flux.empty() : pieces(result))));
    }

    /** As fast as the client takes them: results may be larger than the heap bears at once. */
    private Flux<DataBuffer> pieces(StoredResult result) {
        return DataBufferUtils.readInputStream(result::bytes, DefaultDataBufferFactory.sharedInstance, PIECE_BYTES)
                .subscribeOn(workers);
    }

    private static StoredResult stored(OwnedJobs jobs, String id) {
        JobState state = jobs.get(id).getState();
        if (state != JobState.SUCCEEDED) {
            String message = "state: " + JobsJson.state(state) + " (expected: succeeded)";
            throw new ProblemException(new Problem(HttpStatus.CONFLICT, "conflict", message), null);
        }
        return jobs.result(id);
    }

    private Mono<ServerResponse> delete(ServerRequest request) {
        return Mono.<Void>fromRunnable(() -> jobs(request).delete(id(request)))
                .subscribeOn(workers)
                .then(ServerResponse.noContent().build());
    }

    private Mono<ServerResponse> job(Callable<Job> question) {
        return blocking(question).flatMap(job -> JsonAnswer.ok(JobsJson.job(job)));
    }

    private <T> Mono<T> blocking(Callable<T> question) {
        return Mono.fromCallable(question).subscribeOn(workers);
    }

    private OwnedJobs jobs(ServerRequest request) {
        return new OwnedJobs(desk, webhooks, KeyFilter.caller(request).owner());
    }

    private static String id(ServerRequest request) {
        return request.pathVariable("id");
    }
}
