package io.tern.gateway.web;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The moment in a shutdown at which what is still under way is told that it ends, while it can still be told. */
public final class LastCall {
    private final Sinks.Empty<Void> called = Sinks.empty();

    public void announce() {
        called.tryEmitEmpty();
    }

    /** Ends with UNAVAILABLE on the last call, and cancels the source. */
    public <T> Flux<T> until(Flux<T> source) {
        return Flux.defer(() -> {
            AtomicBoolean complete = new AtomicBoolean();
            // Not an error as the signal: Reactor would pass that on without cancelling the source.
            return source.doOnComplete(() -> complete.set(true))
                    .takeUntilOther(called.asMono())
                    .concatWith(Mono.defer(() -> complete.get() ? Mono.empty() : Mono.error(goingDown())));
        });
    }

    /** Runs it on the last call. */
    public void onCall(Runnable action) {
        called.asMono().doOnSuccess(_ -> action.run()).subscribe();
    }

    public static TernException goingDown() {
        return new TernException(ErrorCode.UNAVAILABLE, "the server is going down");
    }
}
