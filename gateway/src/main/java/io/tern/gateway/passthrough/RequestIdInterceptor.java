package io.tern.gateway.passthrough;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.tern.gateway.web.RequestId;

/** The request id of a gRPC call: kept or made, passed on, and told in the answer's head. */
public final class RequestIdInterceptor implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String requestId = RequestId.keepOrMake(headers.get(RequestId.METADATA));
        set(headers, requestId);
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    private boolean told;

                    @Override
                    public void sendHeaders(Metadata answer) {
                        told = true;
                        set(answer, requestId);
                        super.sendHeaders(answer);
                    }

                    @Override
                    public void close(Status status, Metadata trailers) {
                        if (!told) {
                            set(trailers, requestId);
                        }
                        super.close(status, trailers);
                    }
                },
                headers);
    }

    private static void set(Metadata metadata, String requestId) {
        metadata.discardAll(RequestId.METADATA);
        metadata.put(RequestId.METADATA, requestId);
    }
}
