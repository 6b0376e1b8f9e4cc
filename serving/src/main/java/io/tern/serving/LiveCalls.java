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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls that are being answered by {@link ServerCalls}. What goes down may end them with UNAVAILABLE, since the
 * transport alone would cut them without a word.
 */
public final class LiveCalls implements ServerInterceptor {
    private static final Context.Key<LiveCalls> KEY = Context.key("live-calls");

    private final Set<Cancellation> live = ConcurrentHashMap.newKeySet();

    /** Enters the current gRPC context's call until closed; does nothing outside of a server with this interceptor. */
    static Cancellation.Registration register(Cancellation cancellation) {
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

    /** Each ends as soon as its work hears of it. */
    public void endAll() {
        live.forEach(call -> call.cancel(
                new TernException(ErrorCode.UNAVAILABLE, "the service is going down; ask again in a moment")));
    }
}
