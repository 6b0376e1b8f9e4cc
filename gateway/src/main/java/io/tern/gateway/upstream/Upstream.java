package io.tern.gateway.upstream;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.tern.base.Priority;
import io.tern.gateway.web.LastCall;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One of the services: its channel, for bytes and for typed calls. Safe for use by many threads. */
public final class Upstream implements AutoCloseable {
    /** Pictures travel in one message. */
    public static final int MAX_MESSAGE_BYTES = 32 << 20;

    private static final int BATCH_PATIENCE = 12;
    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;
    private static final int KEEP_ALIVE_SECONDS = 10;
    private static final int KEEP_ALIVE_TIMEOUT_SECONDS = 5;

    private final String name;
    private final ManagedChannel direct;
    private final ConnectWait connectWait = new ConnectWait(Duration.ofMillis(CONNECT_TIMEOUT_MILLIS));
    private final Channel channel;
    private final Executor executor;
    private final Duration timeout;
    private final LastCall lastCall;

    private Upstream(String name, ManagedChannel direct, Executor executor, Duration timeout, LastCall lastCall) {
        this.name = name;
        this.direct = direct;
        this.channel = ClientInterceptors.intercept(direct, connectWait);
        this.executor = executor;
        this.timeout = timeout;
        this.lastCall = lastCall;
    }

    /**
     * @param name as {@code detection}
     * @param address {@code host:port}
     * @param executor runs what typed calls tell; bytes are passed on the network threads
     * @param timeout of a typed call
     * @param lastCall ends typed calls
     */
    public static Upstream connect(
            String name, String address, Executor executor, Duration timeout, LastCall lastCall) {
        ManagedChannel channel = NettyChannelBuilder.forTarget(address)
                .usePlaintext()
                .directExecutor()
                .defaultLoadBalancingPolicy("round_robin") // among all addresses of a name
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                // Finds a peer that is gone without a word. The health questions between keep the pings rare.
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .disableRetry()
                .build();
        return new Upstream(name, channel, executor, timeout, lastCall);
    }

    public String name() {
        return name;
    }

    public Channel channel() {
        return channel;
    }

    /** One answer. Errors as {@link #stream}. */
    public <Q, A> Mono<A> unary(MethodDescriptor<Q, A> method, Q question, String requestId) {
        return stream(method, question, requestId).single();
    }

    /**
     * The answers, asked for as fast as the subscriber wants them; a cancel of the subscription is a cancel of the call.
     * Errors: {@link io.tern.gateway.problem.ProblemException}.
     */
    public <Q, A> Flux<A> stream(MethodDescriptor<Q, A> method, Q question, String requestId) {
        return stream(method, question, new CallHead(requestId, Priority.LIVE, null));
    }

    /** The same, which says whose call it is. */
    public <Q, A> Flux<A> stream(MethodDescriptor<Q, A> method, Q question, CallHead head) {
        return lastCall.until(Flux.create(sink -> {
            CallOptions options = CallOptions.DEFAULT
                    .withExecutor(executor)
                    .withDeadlineAfter(patience(head.priority()).toMillis(), TimeUnit.MILLISECONDS);
            var call = channel.newCall(method, options);
            call.start(new SinkListener<>(name, sink), head.metadata());
            // Only now: a demand that is there already reaches the call at once, and it must have been started.
            sink.onRequest(n -> call.request((int) Math.min(n, Integer.MAX_VALUE)));
            sink.onDispose(() -> call.cancel("nobody waits for the answer any more", null));
            call.sendMessage(question);
            call.halfClose();
        }));
    }

    /** What nobody waits for stands behind all that somebody waits for, however long that takes. */
    private Duration patience(Priority priority) {
        return priority == Priority.LIVE ? timeout : timeout.multipliedBy(BATCH_PATIENCE);
    }

    /** gRPC waits longer and longer before it connects again; called often, this makes it try at once. */
    public void connectAgain() {
        if (direct.getState(true) == ConnectivityState.TRANSIENT_FAILURE) {
            direct.resetConnectBackoff();
        }
    }

    @Override
    public void close() {
        direct.shutdownNow();
        connectWait.close();
    }
}
