package io.tern.serving;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Refuses callers on other machines: who names files of this one must be on it. */
final class SameMachineOnly implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (isFar(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))) {
            String why = "models are loaded from the service's own machine only";
            call.close(Status.PERMISSION_DENIED.withDescription(why), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }

    /** Callers without a network address are in this process or come by a socket file. */
    static boolean isFar(@Nullable SocketAddress caller) {
        return caller instanceof InetSocketAddress address
                && (address.getAddress() == null || !address.getAddress().isLoopbackAddress());
    }
}
