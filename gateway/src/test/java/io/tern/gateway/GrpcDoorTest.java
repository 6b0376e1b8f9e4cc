package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.TokenizeRequest;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectionServiceGrpc;
import io.tern.gateway.passthrough.PassThroughCalls;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobServiceGrpc;
import io.tern.model.v1.ListModelsRequest;
import io.tern.model.v1.ModelServiceGrpc;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The native gRPC port, asked as a generated client asks it. */
class GrpcDoorTest {
    private final TestGateway gateway = TestGateway.shared();
    private final ManagedChannel channel = gateway.channel;

    @AfterEach
    void noCallIsLeft() throws InterruptedException {
        PassThroughCalls live = gateway.context.getBean(PassThroughCalls.class);
        for (int i = 0; live.count() > 0 && i < 500; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(live.count()).isZero();
    }

    @Test
    void callsPassThrough() {
        assertThat(DetectionServiceGrpc.newBlockingStub(channel)
                        .detect(DetectRequest.newBuilder()
                                .setImage(ByteString.copyFromUtf8("abc"))
                                .build())
                        .getResults(0)
                        .getWidth())
                .isEqualTo(3);
        List<GenerateResponse> events = new ArrayList<>();
        generate("hello").forEachRemaining(events::add);
        assertThat(events).hasSize(5);
        assertThat(events.getLast().hasFinished()).isTrue();
    }

    @Test
    void errorsKeepCodeTextAndDetails() {
        StatusRuntimeException error = failure("error-INVALID_ARGUMENT");
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(error.getStatus().getDescription()).isEqualTo("temperature: wrong");
        assertThat(StatusProto.fromThrowable(error).getDetailsList()).anyMatch(detail -> detail.is(ErrorInfo.class));
        assertThat(failure("error-OVERLOADED").getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    /** Of a service that the gateway answers itself; those behind it read their messages themselves. */
    @Test
    void bytesThatAreNoMessageAreRefusedInWords() {
        MethodDescriptor<BytesValue, Job> get = JobServiceGrpc.getGetMethod().toBuilder(
                        ProtoUtils.marshaller(BytesValue.getDefaultInstance()),
                        ProtoUtils.marshaller(Job.getDefaultInstance()))
                .build();
        BytesValue noText = BytesValue.of(ByteString.copyFrom(new byte[] {(byte) 0xff}));
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(channel, get, CallOptions.DEFAULT, noText));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(error.getStatus().getDescription()).contains("a tern.jobs.v1.GetJobRequest");
        assertThat(StatusProto.fromThrowable(error).getDetailsList()).anyMatch(detail -> detail.is(ErrorInfo.class));
    }

    @Test
    void aDeadlineReachesTheServiceAndEndsTheStream() throws InterruptedException {
        Iterator<GenerateResponse> events = DecodingServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                .generate(GenerateRequest.newBuilder()
                        .setPrompt("hang past the deadline")
                        .build());
        assertThatThrownBy(events::hasNext)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        gateway.services.decoding.marks.await("deadline hang past the deadline");
        gateway.services.decoding.marks.await("cancelled hang past the deadline");
    }

    @Test
    void theRequestIdIsPassedOnAndTold() throws InterruptedException {
        Metadata headers = new Metadata();
        headers.put(FakeServices.REQUEST_ID, "grpc.door-1");
        var told = new java.util.concurrent.atomic.AtomicReference<Metadata>();
        var trailers = new java.util.concurrent.atomic.AtomicReference<Metadata>();
        DecodingServiceGrpc.newBlockingStub(channel)
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(headers),
                        MetadataUtils.newCaptureMetadataInterceptor(told, trailers))
                .generate(GenerateRequest.newBuilder().setPrompt("hello").build())
                .forEachRemaining(_ -> {});
        gateway.services.decoding.marks.await("request id grpc.door-1");
        assertThat(told.get().get(FakeServices.REQUEST_ID)).isEqualTo("grpc.door-1");
    }

    @Test
    void unknownMethodsAreUnimplementedHere() {
        for (String name : List.of("no.Such/Method", "tern.decoding.v1.DecodingService/Nothing")) {
            MethodDescriptor<TokenizeRequest, io.tern.decoding.v1.TokenizeResponse> unknown =
                    DecodingServiceGrpc.getTokenizeMethod().toBuilder()
                            .setFullMethodName(name)
                            .build();
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                            channel, unknown, CallOptions.DEFAULT, TokenizeRequest.getDefaultInstance()))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
        }
    }

    @Test
    void healthSpeaksForEachServiceAndForAll() {
        for (String service : List.of("", "tern.decoding.v1.DecodingService", "tern.detection.v1.DetectionService")) {
            assertThat(HealthGrpc.newBlockingStub(channel)
                            .check(HealthCheckRequest.newBuilder()
                                    .setService(service)
                                    .build())
                            .getStatus())
                    .isEqualTo(ServingStatus.SERVING);
            assertThat(HealthGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(5, TimeUnit.SECONDS)
                            .watch(HealthCheckRequest.newBuilder()
                                    .setService(service)
                                    .build())
                            .next()
                            .getStatus())
                    .isEqualTo(ServingStatus.SERVING);
        }
    }

    @Test
    void modelsOfAllServicesAreListed() {
        assertThat(ModelServiceGrpc.newBlockingStub(channel)
                        .listModels(ListModelsRequest.getDefaultInstance())
                        .getModelsList())
                .extracting("id")
                .containsExactly("nanodet", "emoji", "smollm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"})
    void reflectionListsAllServices(String reflection) throws Exception {
        // Both versions have the same messages on the wire.
        var method = ServerReflectionGrpc.getServerReflectionInfoMethod().toBuilder()
                .setFullMethodName(reflection + "/ServerReflectionInfo")
                .build();
        var listed = new CompletableFuture<ServerReflectionResponse>();
        var requests = ClientCalls.asyncBidiStreamingCall(channel.newCall(method, CallOptions.DEFAULT), first(listed));
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(listed.get(10, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
                .extracting("name")
                .contains(
                        "tern.detection.v1.DetectionService",
                        "tern.embedding.v1.EmbeddingService",
                        "tern.generation.v1.GenerationService",
                        "tern.decoding.v1.DecodingService",
                        "tern.model.v1.ModelService",
                        "grpc.health.v1.Health",
                        "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection");
        requests.onCompleted();
        var file = new CompletableFuture<ServerReflectionResponse>();
        var more = ClientCalls.asyncBidiStreamingCall(channel.newCall(method, CallOptions.DEFAULT), first(file));
        more.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("tern.decoding.v1.DecodingService")
                .build());
        assertThat(file.get(10, TimeUnit.SECONDS).getFileDescriptorResponse().getFileDescriptorProtoCount())
                .isPositive();
        more.onCompleted();
    }

    private Iterator<GenerateResponse> generate(String prompt) {
        return DecodingServiceGrpc.newBlockingStub(channel)
                .generate(GenerateRequest.newBuilder().setPrompt(prompt).build());
    }

    private StatusRuntimeException failure(String prompt) {
        try {
            boolean _ = generate(prompt).hasNext();
            throw new AssertionError("no error");
        } catch (StatusRuntimeException e) {
            return e;
        }
    }

    private static <T> StreamObserver<T> first(CompletableFuture<T> future) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                future.complete(value);
            }

            @Override
            public void onError(Throwable error) {
                future.completeExceptionally(error);
            }

            @Override
            public void onCompleted() {}
        };
    }
}
