package io.tern.serving;

import com.google.protobuf.Message;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.tern.base.TernException;
import io.tern.jobs.UnknownFields;

/** A field that this server does not know is refused, not ignored: the caller would take silence for obedience. */
final class UnknownFieldsInterceptor implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!call.getMethodDescriptor().getFullMethodName().startsWith("tern.")) {
            return next.startCall(call, headers);
        }
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean refused;

            @Override
            public void onMessage(Q message) {
                try {
                    if (!refused) {
                        check((Message) message);
                        super.onMessage(message);
                    }
                } catch (TernException unknown) {
                    refused = true;
                    StatusRuntimeException status = StatusMapping.toStatus(unknown);
                    Metadata trailers = status.getTrailers();
                    call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
                }
            }

            @Override
            public void onHalfClose() {
                if (!refused) {
                    super.onHalfClose();
                }
            }
        };
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
