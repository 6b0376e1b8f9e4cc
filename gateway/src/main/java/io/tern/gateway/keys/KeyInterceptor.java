package io.tern.gateway.keys;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.tern.base.TernException;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerationServiceGrpc;
import io.tern.inference.v2.GRPCInferenceServiceGrpc;
import io.tern.jobs.v1.SubmitRequest;
import io.tern.serving.RefusingListener;
import io.tern.serving.StatusMapping;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** As {@link KeyFilter}, of gRPC calls; health and reflection are for everybody. */
public final class KeyInterceptor implements ServerInterceptor {
    private static final String FOR_EVERYBODY = "grpc.";
    /** Health by the Open Inference Protocol. */
    private static final Set<String> HEALTH = Set.of(
            GRPCInferenceServiceGrpc.getServerLiveMethod().getFullMethodName(),
            GRPCInferenceServiceGrpc.getServerReadyMethod().getFullMethodName());

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
        if (method.startsWith(FOR_EVERYBODY) || HEALTH.contains(method)) {
            return next.startCall(call, headers);
        }
        try {
            Caller caller = keyring.admit(headers.get(AUTHORIZATION));
            if (caller == Caller.ANYBODY) {
                return next.startCall(call, headers);
            }
            Answered<Q, A> answered = new Answered<>(call);
            Context context = Context.current().withValue(CALLER, caller);
            ServerCall.Listener<Q> listener = Contexts.interceptCall(context, answered, headers, next);
            return new RefusingListener<>(call, listener, (message, handler) -> {
                try {
                    picture(method, message).ifPresent(caller.limits()::check);
                } catch (TernException refusal) {
                    answered.end();
                    handler.onCancel();
                    throw refusal;
                }
                handler.onMessage(message);
            });
        } catch (TernException e) {
            StatusMapping.close(call, e);
            return new ServerCall.Listener<>() {};
        }
    }

    /** What is to be drawn, if it is that. */
    private static Optional<GenerateRequest> picture(String method, Object message) {
        return switch (message) {
            case SubmitRequest job
            when job.getRequest().hasGeneration() ->
                Optional.of(job.getRequest().getGeneration());
            case byte[] bytes
            when method.equals(GenerationServiceGrpc.getGenerateMethod().getFullMethodName()) ->
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

    /** The call as who answers it has it: once it is refused here, their end of it is no end any more. */
    private static final class Answered<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private volatile boolean ended;

        Answered(ServerCall<Q, A> call) {
            super(call);
        }

        void end() {
            ended = true;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!ended) {
                super.close(status, trailers);
            }
        }

        @Override
        public boolean isCancelled() {
            return ended || super.isCancelled();
        }
    }
}
