package io.tern.gateway.upstream;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends a call that has not got a connection after a while. A process that hangs still lets TCP connect but never greets,
 * and gRPC would keep calls waiting for it until their deadline.
 */
final class ConnectWait implements ClientInterceptor, AutoCloseable {
    private final Duration patience;
    private final ScheduledThreadPoolExecutor timer;

    ConnectWait(Duration patience) {
        this.patience = patience;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("connect-wait").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        Connection connection = new Connection();
        return new SimpleForwardingClientCall<>(next.newCall(method, options.withStreamTracerFactory(connection))) {
            private volatile boolean givenUp;

            @Override
            public void start(Listener<A> listener, Metadata headers) {
                Future<?> limit = timer.schedule(this::giveUp, patience.toMillis(), TimeUnit.MILLISECONDS);
                Listener<A> told = new SimpleForwardingClientCallListener<>(listener) {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        limit.cancel(false);
                        super.onClose(givenUp ? Status.UNAVAILABLE.withCause(new NoConnection()) : status, trailers);
                    }
                };
                super.start(told, headers);
            }

            private void giveUp() {
                if (!connection.made) {
                    givenUp = true;
                    cancel("no connection", null);
                }
            }
        };
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** Hears when the call is put on a connection that works. */
    private static final class Connection extends ClientStreamTracer.Factory {
        private volatile boolean made;

        @Override
        public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
                @Override
                public void streamCreated(Attributes transport, Metadata sent) {
                    made = true;
                }
            };
        }
    }

    /** Where it happened says nothing: no stack trace. */
    private static final class NoConnection extends Exception {
        NoConnection() {
            super("no connection in time", null, false, false);
        }
    }
}
