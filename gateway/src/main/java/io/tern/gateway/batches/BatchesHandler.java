package io.tern.gateway.batches;

import io.tern.base.TernException;
import io.tern.gateway.keys.KeyFilter;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.jobs.JobOwner;
import io.tern.wire.Fields;
import io.tern.wire.PageJson;
import java.util.List;
import java.util.concurrent.Callable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** {@code /v1/batches}. The disk blocks, so each question has a virtual thread. */
public final class BatchesHandler {
    private static final String ID = "/v1/batches/{id}";
    private static final int USUAL_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    private final RequestBody bodies;
    private final Batches batches;
    private final Scheduler workers;

    public BatchesHandler(RequestBody bodies, Batches batches, Scheduler workers) {
        this.bodies = bodies;
        this.batches = batches;
        this.workers = workers;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/v1/batches", this::create),
                Endpoint.get("/v1/batches", this::list),
                Endpoint.get(ID, request -> batch(() -> batches.get(owner(request), id(request)))),
                Endpoint.post(ID + "/cancel", request -> batch(() -> batches.cancel(owner(request), id(request)))));
    }

    private Mono<ServerResponse> create(ServerRequest request) {
        return bodies.json(request, RequestBody.TEXT_LIMIT)
                .flatMap(body -> batch(() -> batches.create(body, KeyFilter.caller(request))));
    }

    private Mono<ServerResponse> list(ServerRequest request) {
        return Mono.fromCallable(() -> {
                    Fields fields = Fields.form(request.queryParams().toSingleValueMap());
                    int limit = fields.int32("limit").orElse(USUAL_LIMIT);
                    TernException.require(limit >= 1 && limit <= MAX_LIMIT, "limit", limit, "1.." + MAX_LIMIT);
                    String after = fields.text("after").orElse(null);
                    fields.refuseUnknown();
                    List<Batch> found = batches.list(owner(request), after, limit + 1);
                    return PageJson.of(
                            found.stream().limit(limit).map(BatchJson::told).toList(), found.size() > limit);
                })
                .subscribeOn(workers)
                .flatMap(JsonAnswer::ok);
    }

    private Mono<ServerResponse> batch(Callable<Batch> question) {
        return Mono.fromCallable(question).subscribeOn(workers).flatMap(batch -> JsonAnswer.ok(BatchJson.told(batch)));
    }

    private static JobOwner owner(ServerRequest request) {
        return KeyFilter.caller(request).owner();
    }

    private static String id(ServerRequest request) {
        return request.pathVariable("id");
    }
}
