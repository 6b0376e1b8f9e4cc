package io.tern.gateway.keys;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tern.base.TernException;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerationServiceGrpc;
import io.tern.jobs.v1.SubmitRequest;
import io.tern.serving.StatusMapping;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** As {@link KeyFilter}, of gRPC calls; health and reflection are for everybody. */
public final class KeyInterceptor implements ServerInterceptor {
    private static final String FOR_EVERYBODY = "grpc.";
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final Context.Key<Caller> CALLER = Context.keyWithDefault("tern-caller", Caller.ANYBODY);

    private final Keyring keyring;

    public KeyInterceptor(Keyring keyring) {
        this.keyring = keyring;
    }

    /** Who has made the call that is answered on this thread. */
    public static Caller caller() {
        return CALLER.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        if (method.startsWith(FOR_EVERYBODY)) {
            return next.startCall(call, headers);
        }
        try {
            Caller caller = keyring.admit(headers.get(AUTHORIZATION));
            if (caller == Caller.ANYBODY) {
                return next.startCall(call, headers);
            }
            Refusable<Q, A> refusable = new Refusable<>(call);
            Context context = Context.current().withValue(CALLER, caller);
            return new Checked<>(Contexts.interceptCall(context, refusable, headers, next), refusable, caller.limits());
        } catch (TernException e) {
            close(call, e);
            return new ServerCall.Listener<>() {};
        }
    }

    private static void close(ServerCall<?, ?> call, TernException error) {
        StatusRuntimeException status = StatusMapping.toStatus(error);
        Metadata trailers = status.getTrailers();
        call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    /** A call that is closed once, by us or by who answers it. */
    private static final class Refusable<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private boolean refused;

        Refusable(ServerCall<Q, A> call) {
            super(call);
        }

        synchronized void refuse(TernException error) {
            refused = true;
            KeyInterceptor.close(delegate(), error);
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!refused) {
                super.close(status, trailers);
            }
        }

        @Override
        public boolean isCancelled() {
            return refused || super.isCancelled();
        }
    }

    /** Looks at what is asked before who answers does. */
    private static final class Checked<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Refusable<Q, ?> call;
        private final KeyLimits limits;
        private boolean refused;

        Checked(ServerCall.Listener<Q> answering, Refusable<Q, ?> call, KeyLimits limits) {
            super(answering);
            this.call = call;
            this.limits = limits;
        }

        @Override
        public void onMessage(Q message) {
            try {
                picture(message).ifPresent(limits::check);
            } catch (TernException e) {
                refused = true;
                call.refuse(e);
                super.onCancel();
                return;
            }
            super.onMessage(message);
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }

        private Optional<GenerateRequest> picture(Q message) {
            return switch (message) {
                case SubmitRequest job
                when job.getRequest().hasGeneration() ->
                    Optional.of(job.getRequest().getGeneration());
                case byte[] bytes
                when call.getMethodDescriptor()
                        .getFullMethodName()
                        .equals(GenerationServiceGrpc.getGenerateMethod().getFullMethodName()) ->
                    Optional.ofNullable(parsed(bytes));
                default -> Optional.empty();
            };
        }

        /** Null for bytes that are no such message, which the service refuses. */
        private static @Nullable GenerateRequest parsed(byte[] bytes) {
            try {
                return GenerateRequest.parseFrom(bytes);
            } catch (InvalidProtocolBufferException e) {
                return null;
            }
        }
    }
}
