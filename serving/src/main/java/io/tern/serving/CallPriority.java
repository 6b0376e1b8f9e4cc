package io.tern.serving;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.tern.base.Priority;
import io.tern.base.TernException;

/**
 * Reads from a call's metadata {@code tern-priority} whether somebody waits for it: {@code live}, also where it is absent,
 * or {@code batch}.
 */
public final class CallPriority implements ServerInterceptor {
    public static final Metadata.Key<String> METADATA =
            Metadata.Key.of("tern-priority", Metadata.ASCII_STRING_MARSHALLER);

    static final Context.Key<Priority> CURRENT = Context.keyWithDefault("priority", Priority.LIVE);

    /** Of the call that this thread serves. */
    public static Priority current() {
        return CURRENT.get();
    }

    /** As metadata says it. */
    public static String wireName(Priority priority) {
        return switch (priority) {
            case LIVE -> "live";
            case BATCH -> "batch";
        };
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String name = headers.get(METADATA);
        if (name == null) {
            return next.startCall(call, headers);
        }
        for (Priority priority : Priority.values()) {
            if (wireName(priority).equals(name)) {
                return Contexts.interceptCall(Context.current().withValue(CURRENT, priority), call, headers, next);
            }
        }
        StatusMapping.close(call, TernException.invalid("tern-priority", name, "live or batch"));
        return new ServerCall.Listener<>() {};
    }
}
