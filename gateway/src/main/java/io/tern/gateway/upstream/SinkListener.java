package io.tern.gateway.upstream;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.tern.gateway.problem.GrpcProblems;
import io.tern.gateway.problem.ProblemException;
import reactor.core.publisher.FluxSink;

/** Hands a call's answers to a sink. */
final class SinkListener<A> extends ClientCall.Listener<A> {
    private final String service;
    private final FluxSink<A> sink;

    SinkListener(String service, FluxSink<A> sink) {
        this.service = service;
        this.sink = sink;
    }

    @Override
    public void onMessage(A answer) {
        sink.next(answer);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        if (sink.isCancelled()) {
            return; // nobody listens, and Reactor would log the error as lost
        }
        if (status.isOk()) {
            sink.complete();
        } else {
            sink.error(new ProblemException(GrpcProblems.of(service, status, trailers), status.asException()));
        }
    }
}
