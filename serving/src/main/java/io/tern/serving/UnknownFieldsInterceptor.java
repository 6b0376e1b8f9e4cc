package io.tern.serving;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.tern.base.TernException;
import io.tern.jobs.UnknownFields;

/** A field that this server does not know is refused, not ignored: the caller would take silence for obedience. */
final class UnknownFieldsInterceptor implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        String method = call.getMethodDescriptor().getFullMethodName();
        if (!method.startsWith("tern.") && !method.startsWith("inference.")) {
            return listener;
        }
        return new RefusingListener<>(call, listener, (message, handler) -> {
            check((Message) message);
            handler.onMessage(message);
        });
    }

    private static void check(Message message) {
        UnknownFields.first(message).ifPresent(unknown -> {
            String name = unknown.type().getName();
            throw TernException.invalid(
                    "field " + unknown.number() + " of " + name,
                    "unknown",
                    "fields of this server's " + name + "; see reflection");
        });
    }
}
