package io.tern.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.DetectStreamResponse;
import io.tern.detection.v1.DetectionServiceGrpc;
import io.tern.detection.v1.DetectionServiceGrpc.DetectionServiceImplBase;
import io.tern.detection.v1.Zone;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
class UnreadableMessagesTest {
    private static final byte START_GROUP = 0x0b;

    static Stream<Arguments> unreadable() {
        byte[] message =
                DetectRequest.newBuilder().setModel("nanodet-g").build().toByteArray();
        byte[] badText = message.clone();
        badText[badText.length - 1] = (byte) 0xff;
        byte[] deep = new byte[1000];
        Arrays.fill(deep, START_GROUP);
        return Stream.of(
                Arguments.of("cut off", Arrays.copyOf(message, message.length - 1)),
                Arguments.of("the end of a group that never began", new byte[] {0x0c}),
                Arguments.of("a tag of field 0", new byte[] {0x00}),
                Arguments.of("a number without an end", filled(11, (byte) 0xff)),
                Arguments.of("no UTF-8", badText),
                Arguments.of("groups in groups", deep));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadable")
    void isRefusedInWords(String name, byte[] bytes) {
        StatusRuntimeException error = failure(UnreadableMessages::refusedBy, bytes);
        assertThat(error.getStatus().getCode()).as(name).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(error.getStatus().getDescription())
                .isEqualTo("request: not readable as protobuf (expected: a tern.detection.v1.DetectRequest)");
        assertThat(detail(error, ErrorInfo.class).getReason()).isEqualTo("invalid_argument");
        assertThat(detail(error, BadRequest.class).getFieldViolations(0).getField())
                .isEqualTo("request");
    }

    /** What gRPC does by itself, so that the tests above are seen to be able to fail. */
    @Test
    void withoutItNobodyIsTold() {
        StatusRuntimeException error = failure(UnaryOperator.identity(), new byte[] {0x0c});
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(error.getTrailers()).isNotNull();
        assertThat(StatusProto.fromThrowable(error).getDetailsList()).isEmpty();
    }

    @Test
    void aReadableMessageIsAnswered() {
        try (Running running = new Running(UnreadableMessages::refusedBy)) {
            DetectResponse answer = DetectionServiceGrpc.newBlockingStub(running.channel)
                    .detect(DetectRequest.newBuilder().setModel("mine").build());
            assertThat(answer.getModel()).isEqualTo("mine");
        }
    }

    /** Two bytes each on the wire, and an object each afterwards. */
    @Test
    void aMessageOfFarTooManyElementsIsRefusedBeforeItIsRead() {
        StatusRuntimeException error = failure(UnreadableMessages::refusedBy, emptyZones(2_000_000));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(error.getStatus().getDescription()).startsWith("request: too many elements");
        assertThat(detail(error, ErrorInfo.class).getReason()).isEqualTo("payload_too_large");
    }

    @Test
    void whatMessagesTakeIsGivenBackWhenTheirCallsEnd() throws InterruptedException {
        UnaryOperator<ServerServiceDefinition> narrow = service -> ServerInterceptors.intercept(
                ServerInterceptors.useInputStreamMessages(service), new WeighedMessages(100_000));
        try (Running running = new Running(narrow)) {
            for (int round = 0; round < 5; round++) {
                int refusals = 0;
                while (!isTaken(running, emptyZones(2_000)) && refusals < 500) {
                    TimeUnit.MILLISECONDS.sleep(10); // a call ends for its client a moment before it does here
                    refusals++;
                }
                assertThat(refusals).isLessThan(500);
            }
        }
        assertThat(failure(narrow, emptyZones(4_000)).getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    private static boolean isTaken(Running running, byte[] message) {
        try {
            byte[] answer = ClientCalls.blockingUnaryCall(
                    running.channel, bytes(DetectionServiceGrpc.getDetectMethod()), CallOptions.DEFAULT, message);
            return answer.length == 0;
        } catch (StatusRuntimeException refused) {
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            return false;
        }
    }

    private static byte[] emptyZones(int count) {
        byte[] one = DetectRequest.newBuilder()
                .addZones(Zone.getDefaultInstance())
                .build()
                .toByteArray();
        byte[] all = new byte[count * one.length];
        for (int i = 0; i < count; i++) {
            System.arraycopy(one, 0, all, i * one.length, one.length);
        }
        return all;
    }

    /** The stream ends in words, and its body hears of it. */
    @Test
    void aLaterOneEndsAStream() throws Exception {
        try (Running running = new Running(UnreadableMessages::refusedBy)) {
            CompletableFuture<Throwable> error = new CompletableFuture<>();
            CountDownLatch answered = new CountDownLatch(1);
            StreamObserver<byte[]> requests = ClientCalls.asyncBidiStreamingCall(
                    running.channel.newCall(bytes(DetectionServiceGrpc.getDetectStreamMethod()), CallOptions.DEFAULT),
                    new StreamObserver<>() {
                        @Override
                        public void onNext(byte[] answer) {
                            answered.countDown();
                        }

                        @Override
                        public void onError(Throwable because) {
                            error.complete(because);
                        }

                        @Override
                        public void onCompleted() {
                            error.complete(new AssertionError("the stream ended well"));
                        }
                    });
            requests.onNext(DetectRequest.getDefaultInstance().toByteArray());
            answered.await();
            requests.onNext(new byte[] {0x0c});
            assertThat(Status.fromThrowable(error.get()).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            running.bodyEnded.await();
        }
    }

    private static StatusRuntimeException failure(UnaryOperator<ServerServiceDefinition> guard, byte[] message) {
        try (Running running = new Running(guard)) {
            return catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> ClientCalls.blockingUnaryCall(
                            running.channel,
                            bytes(DetectionServiceGrpc.getDetectMethod()),
                            CallOptions.DEFAULT,
                            message));
        }
    }

    private static byte[] filled(int length, byte value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, value);
        return bytes;
    }

    private static <T extends com.google.protobuf.Message> T detail(StatusRuntimeException error, Class<T> type) {
        try {
            for (Any any : StatusProto.fromThrowable(error).getDetailsList()) {
                if (any.is(type)) {
                    return any.unpack(type);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("no " + type.getSimpleName() + " in " + error);
    }

    private static MethodDescriptor<byte[], byte[]> bytes(MethodDescriptor<?, ?> method) {
        Bytes marshaller = new Bytes();
        return method.toBuilder(marshaller, marshaller).build();
    }

    private record Bytes() implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
            try {
                return message.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A server that answers each request with its model's name, and each message of a stream with an empty one. */
    private static final class Running implements AutoCloseable {
        final CountDownLatch bodyEnded = new CountDownLatch(1);
        final ManagedChannel channel;
        private final Server server;

        Running(UnaryOperator<ServerServiceDefinition> guard) {
            String name = InProcessServerBuilder.generateName();
            try {
                server = InProcessServerBuilder.forName(name)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .addService(guard.apply(new Service().bindService()))
                        .build()
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            channel = InProcessChannelBuilder.forName(name).build();
        }

        @Override
        public void close() {
            channel.shutdownNow();
            server.shutdownNow();
        }

        private final class Service extends DetectionServiceImplBase {
            @Override
            public void detect(DetectRequest request, StreamObserver<DetectResponse> observer) {
                ServerCalls.unary(
                        observer,
                        _ -> DetectResponse.newBuilder()
                                .setModel(request.getModel())
                                .build());
            }

            @Override
            public StreamObserver<DetectRequest> detectStream(StreamObserver<DetectStreamResponse> observer) {
                return ServerCalls.bothWays(observer, (receive, send, _) -> {
                    try {
                        while (receive.receive() != null) {
                            send.accept(DetectStreamResponse.getDefaultInstance());
                        }
                    } finally {
                        bodyEnded.countDown();
                    }
                });
            }
        }
    }
}
