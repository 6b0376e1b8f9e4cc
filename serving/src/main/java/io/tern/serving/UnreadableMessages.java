package io.tern.serving;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.tern.base.TernException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.grpc.server.GrpcServerFactory;
import org.springframework.grpc.server.service.DefaultGrpcServiceConfigurer;
import org.springframework.grpc.server.service.GrpcServiceConfigurer;
import org.springframework.grpc.server.service.GrpcServiceSpec;

/**
 * Tells the sender of bytes that are no message what is wrong with them. gRPC reads a message before any interceptor sees
 * it, and ends the call with UNKNOWN if that fails; so here bytes go through interceptors and are read behind them. On
 * the way they are weighed.
 */
public final class UnreadableMessages implements GrpcServiceConfigurer {
    private final DefaultGrpcServiceConfigurer inner;
    private final WeighedMessages weighed = new WeighedMessages();

    public UnreadableMessages(ApplicationContext application) {
        inner = new DefaultGrpcServiceConfigurer(application);
        inner.afterPropertiesSet();
    }

    @Override
    public ServerServiceDefinition configure(GrpcServiceSpec service, @Nullable GrpcServerFactory factory) {
        return refusedBy(inner.configure(service, factory), weighed);
    }

    /** A service whose messages are small, by itself. */
    public static ServerServiceDefinition refusedBy(ServerServiceDefinition service) {
        return refusedBy(service, new WeighedMessages());
    }

    /** A service that passes bytes on without reading them stays as it is. */
    private static ServerServiceDefinition refusedBy(ServerServiceDefinition service, WeighedMessages weighed) {
        return service.getMethods().stream().allMatch(UnreadableMessages::readsProtobuf)
                ? ServerInterceptors.intercept(
                        ServerInterceptors.useInputStreamMessages(service), weighed, new Refusal())
                : service;
    }

    private static boolean readsProtobuf(ServerMethodDefinition<?, ?> method) {
        return method.getMethodDescriptor().getRequestMarshaller() instanceof PrototypeMarshaller<?>;
    }

    private static final class Refusal implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return new RefusingListener<>(call, next.startCall(call, headers), (bytes, handler) -> {
                try {
                    handler.onMessage(bytes);
                } catch (StatusRuntimeException unread) {
                    if (unread.getCause() instanceof InvalidProtocolBufferException) {
                        throw TernException.invalid("request", "not readable as protobuf", expected(call));
                    }
                    throw unread;
                }
            });
        }

        private static String expected(ServerCall<?, ?> call) {
            return call.getMethodDescriptor().getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier method
                    ? "a " + method.getMethodDescriptor().getInputType().getFullName()
                    : "a message of this method's type";
        }
    }
}
