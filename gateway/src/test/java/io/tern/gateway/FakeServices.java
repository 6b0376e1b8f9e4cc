package io.tern.gateway;

import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import io.tern.model.v1.ListModelsRequest;
import io.tern.model.v1.ListModelsResponse;
import io.tern.model.v1.Model;
import io.tern.model.v1.ModelServiceGrpc.ModelServiceImplBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.Executors;

/** The three services, each a real gRPC server on a free port of this machine with a scripted model behind it. */
final class FakeServices {
    static final Metadata.Key<String> REQUEST_ID = Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
    /** The request id that came with a call, where the call is served. */
    static final Context.Key<String> SEEN_REQUEST_ID = Context.key("request-id");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    /** The caller's key that came with a call. */
    static final Context.Key<String> SEEN_KEY = Context.keyWithDefault("key", "");

    private static final Metadata.Key<String> PRIORITY =
            Metadata.Key.of("tern-priority", Metadata.ASCII_STRING_MARSHALLER);
    /** Whether somebody waits for a call, in its own words. */
    static final Context.Key<String> SEEN_PRIORITY = Context.keyWithDefault("priority", "");

    final FakeDecoding decoding = new FakeDecoding();
    final FakeGeneration generation = new FakeGeneration();
    final FakeDetection detection = new FakeDetection();
    final FakeEmbedding embedding = new FakeEmbedding();
    final FakeInference inference = new FakeInference();
    final Server decodingServer = start(0, decoding, models("decoding", "smollm", "chat", "completion"));
    final Server generationServer = start(0, generation, models("generation", "emoji", "image"));
    final Server detectionServer =
            start(0, detection, embedding, inference, models("detection", "nanodet", "detection"));

    static Server start(int port, BindableService... services) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .maxInboundMessageSize(64 << 20)
                .executor(Executors.newVirtualThreadPerTaskExecutor());
        for (BindableService service : services) {
            builder.addService(ServerInterceptors.intercept(service, new RequestIds()));
        }
        try {
            return builder.addService(new HealthStatusManager().getHealthService())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BindableService models(String service, String id, String... capabilities) {
        Model.Builder model = Model.newBuilder()
                .setId(id)
                .setService(service)
                .setDevice("cpu")
                .setPrecision("fp32")
                .setBitExact(true)
                .setLicence("MIT")
                .setSha256("ab")
                .setDefault(true)
                .setCreated(1_700_000_000);
        for (String capability : capabilities) {
            model.addCapabilities(capability);
        }
        return new ModelServiceImplBase() {
            @Override
            public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
                observer.onNext(ListModelsResponse.newBuilder().addModels(model).build());
                observer.onCompleted();
            }
        };
    }

    private static final class RequestIds implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String id = headers.get(REQUEST_ID);
            String key = headers.get(AUTHORIZATION);
            Context context = Context.current()
                    .withValue(SEEN_REQUEST_ID, id == null ? "" : id)
                    .withValue(SEEN_KEY, key == null ? "" : key)
                    .withValue(SEEN_PRIORITY, Objects.toString(headers.get(PRIORITY), ""));
            return io.grpc.Contexts.interceptCall(context, call, headers, next);
        }
    }
}
