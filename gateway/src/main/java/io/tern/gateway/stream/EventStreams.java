package io.tern.gateway.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.tern.gateway.problem.Problem;
import io.tern.gateway.problem.ProblemHandler;
import io.tern.gateway.problem.ProblemStyle;
import io.tern.gateway.problem.Problems;
import io.tern.gateway.web.LastCall;
import io.tern.gateway.web.RequestId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Answers with server-sent events. An error before the first event or heartbeat is an ordinary HTTP error; after it, the
 * stream ends with an error event, never in silence. Events are asked for one by one as the client reads them, and its
 * disconnect cancels where they come from.
 */
public final class EventStreams {
    private final Duration heartbeat;
    private final LastCall lastCall;
    private final AtomicInteger live = new AtomicInteger();

    /**
     * @param heartbeat a comment is sent each time so much has passed
     */
    public EventStreams(Duration heartbeat, LastCall lastCall, MeterRegistry registry) {
        this.heartbeat = heartbeat;
        this.lastCall = lastCall;
        registry.gauge("tern.gateway.streams.live", live);
    }

    public Mono<ServerResponse> answer(ServerRequest request, Flux<ServerEvent> events) {
        ProblemStyle style = ProblemStyle.of(request.exchange());
        Flux<ServerEvent> kept = endWithProblem(keepAlive(events), style, RequestId.of(request));
        return ServerResponse.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .header("Cache-Control", "no-cache")
                .header("X-Accel-Buffering", "no") // proxies before us must not gather events
                .body((response, _) -> response.writeAndFlushWith(
                        kept.map(event -> Mono.just(response.bufferFactory().wrap(event.encode())))));
    }

    private Flux<ServerEvent> endWithProblem(Flux<ServerEvent> events, ProblemStyle style, String requestId) {
        return Flux.defer(() -> {
            AtomicBoolean begun = new AtomicBoolean();
            return lastCall.until(events)
                    .doOnNext(_ -> begun.set(true))
                    .onErrorResume(error -> {
                        if (!begun.get()) {
                            return Flux.error(error);
                        }
                        Problem problem = Problems.of(error);
                        ProblemHandler.logIfOurs(problem, requestId, error);
                        return Flux.just(errorEvent(problem, style, requestId));
                    })
                    .doOnSubscribe(_ -> live.incrementAndGet())
                    .doFinally(_ -> live.decrementAndGet());
        });
    }

    /** Both sources are asked for one event at a time, so nothing piles up behind a slow reader. */
    private Flux<ServerEvent> keepAlive(Flux<ServerEvent> events) {
        return Flux.defer(() -> {
            Sinks.Empty<Void> over = Sinks.empty();
            Flux<ServerEvent> heartbeats = Flux.interval(heartbeat)
                    .onBackpressureDrop()
                    .map(_ -> ServerEvent.HEARTBEAT)
                    .takeUntilOther(over.asMono());
            // Delayed, so that an error does not overtake an event that waits for the reader.
            return Flux.mergeDelayError(1, events.doOnTerminate(over::tryEmitEmpty), heartbeats);
        });
    }

    private static ServerEvent errorEvent(Problem problem, ProblemStyle style, String requestId) {
        var body = style.body(problem, requestId);
        // OpenAI's clients look into the data; others go by the name.
        return style == ProblemStyle.OPENAI ? ServerEvent.of(body) : ServerEvent.of("error", body);
    }
}
