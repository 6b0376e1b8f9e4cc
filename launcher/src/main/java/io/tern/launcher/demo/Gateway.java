package io.tern.launcher.demo;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.tern.launcher.plan.Ports;
import io.tern.launcher.supervise.RunState;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** The gateway of a running Tern, called as any program could. */
public final class Gateway implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 64 << 20;
    private static final long DEADLINE_SECONDS = 120;

    private final URI http;
    private final String key;
    private final ManagedChannel channel;

    private Gateway(URI http, String key, ManagedChannel channel) {
        this.http = http;
        this.key = key;
        this.channel = channel;
    }

    /** @param key of a caller; empty where none is asked for */
    public static Gateway of(RunState state, String key) {
        URI http = URI.create(state.gateway());
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        http.getHost(), new Ports(state.portBase()).gatewayGrpc())
                .usePlaintext()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
        return new Gateway(http, key, channel);
    }

    ManagedChannel channel() {
        return channel;
    }

    /** The stub with the caller's key and a deadline for its next call. */
    <S extends AbstractStub<S>> S call(S stub) {
        S call = stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (key.isEmpty()) {
            return call;
        }
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization());
        return call.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    URI http(String path) {
        return http.resolve(path);
    }

    /** The value of the header of that name. */
    String authorization() {
        return "Bearer " + key;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
