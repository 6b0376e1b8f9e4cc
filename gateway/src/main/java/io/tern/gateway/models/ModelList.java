package io.tern.gateway.models;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.upstream.Upstreams;
import io.tern.gateway.web.RequestId;
import io.tern.model.v1.ListModelsRequest;
import io.tern.model.v1.ListModelsResponse;
import io.tern.model.v1.Model;
import io.tern.model.v1.ModelServiceGrpc;
import io.tern.wire.ModelsJson;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Asks the three services at once; one that does not answer is left out, since its models cannot be used. Who comes while
 * they are asked shares the next question with all who do: nobody is told what was so before it asked.
 */
public final class ModelList {
    private final Upstreams upstreams;
    private final Duration patience;
    private final Object lock = new Object();
    /** Guarded by the lock, as is the next. */
    private boolean asking;

    private Sinks.@Nullable One<Served> next;

    /** @param patience with a service that does not answer */
    public ModelList(Upstreams upstreams, Duration patience) {
        this.upstreams = upstreams;
        this.patience = patience;
    }

    /**
     * What is served now.
     *
     * @param complete all services have answered
     */
    public record Served(List<Model> models, boolean complete) {
        public Served {
            models = List.copyOf(models);
        }

        /** @throws TernException MODEL_NOT_FOUND, or UNAVAILABLE where a service that may have it has not answered */
        public Model named(String id) {
            return models.stream()
                    .filter(model -> model.getId().equals(id))
                    .findFirst()
                    .orElseThrow(() -> complete
                            ? ModelsJson.unknown("model", id, models)
                            : new TernException(
                                    ErrorCode.UNAVAILABLE, "a service that may have this model cannot be reached"));
        }
    }

    /** @param requestId under which the services are asked, unless by another's with which the question is shared */
    public Mono<Served> served(String requestId) {
        return Mono.defer(() -> {
            Sinks.One<Served> answer;
            synchronized (lock) {
                if (asking) {
                    next = next == null ? Sinks.one() : next;
                    return next.asMono();
                }
                asking = true;
                answer = Sinks.one();
            }
            ask(answer, requestId);
            return answer.asMono();
        });
    }

    /** Goes on when whoever was first has gone: others may share the answer. */
    private void ask(Sinks.One<Served> answer, String requestId) {
        all(requestId).doFinally(_ -> askNext()).subscribe(answer::tryEmitValue, answer::tryEmitError);
    }

    private void askNext() {
        Sinks.One<Served> shared;
        synchronized (lock) {
            shared = next;
            next = null;
            asking = shared != null;
        }
        if (shared != null) {
            ask(shared, RequestId.keepOrMake(null));
        }
    }

    private Mono<Served> all(String requestId) {
        return Flux.fromIterable(upstreams.all())
                .flatMapSequential(upstream -> modelsOf(upstream, requestId))
                .collectList()
                .map(answers -> new Served(
                        answers.stream()
                                .flatMap(answer -> answer.models().stream())
                                .toList(),
                        answers.stream().allMatch(Served::complete)));
    }

    private Mono<Served> modelsOf(Upstream upstream, String requestId) {
        return upstream.unary(ModelServiceGrpc.getListModelsMethod(), ListModelsRequest.getDefaultInstance(), requestId)
                .timeout(patience)
                .map(ListModelsResponse::getModelsList)
                .map(models -> new Served(models, true))
                .onErrorReturn(new Served(List.of(), false));
    }
}
