package io.tern.serving;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * The calls that are being answered. When the service goes down they may finish within the grace time; a call that does
 * not is ended a moment before it with UNAVAILABLE, since the transport alone would cut it without a word.
 */
final class LiveCalls implements ServerInterceptor, ApplicationListener<ContextClosedEvent> {
    private static final Context.Key<LiveCalls> KEY = Context.key("live-calls");

    private final Set<Cancellation> live = ConcurrentHashMap.newKeySet();
    private final Duration patience;

    /** @param patience how long calls may go on after the end of the service has begun; less than the grace time */
    LiveCalls(Duration patience) {
        this.patience = patience;
    }

    /** Enters the current gRPC context's call until closed; does nothing outside of a server with this interceptor. */
    static Registration register(Cancellation cancellation) {
        LiveCalls calls = KEY.get();
        if (calls == null) {
            return () -> {};
        }
        calls.live.add(cancellation);
        return () -> calls.live.remove(cancellation);
    }

    int count() {
        return live.size();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return Contexts.interceptCall(Context.current().withValue(KEY, this), call, headers, next);
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        Thread.ofVirtual().name("drain").start(() -> {
            try {
                Thread.sleep(patience);
            } catch (InterruptedException _) {
                return;
            }
            endAll();
        });
    }

    void endAll() {
        live.forEach(call -> call.cancel(
                new TernException(ErrorCode.UNAVAILABLE, "the service is going down; ask again in a moment")));
    }

    /** A call's place; closing it never throws. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
