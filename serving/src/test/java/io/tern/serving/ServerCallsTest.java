package io.tern.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GenerationServiceGrpc;
import io.tern.generation.v1.GenerationServiceGrpc.GenerationServiceImplBase;
import io.tern.generation.v1.Progress;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ServerCallsTest {
    private final AtomicReference<ServerCalls.StreamBody<GenerateResponse>> body = new AtomicReference<>();
    private final LiveCalls liveCalls = new LiveCalls();
    private final Server server = startServer();
    private final ManagedChannel channel =
            InProcessChannelBuilder.forName(toString()).build();

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void sendsInOrderAndEnds() {
        body.set((send, _) -> {
            for (int step = 1; step <= 3; step++) {
                send.accept(progress(step));
            }
        });
        assertThat(call())
                .toIterable()
                .extracting(r -> r.getProgress().getStep())
                .containsExactly(1, 2, 3);
    }

    @Test
    void tellsTheFieldThatIsWrong() {
        body.set((_, _) -> {
            throw TernException.invalid("steps", -1, "1..1000");
        });
        StatusRuntimeException error = failure();
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(detail(error, ErrorInfo.class).getReason()).isEqualTo("invalid_argument");
        assertThat(detail(error, BadRequest.class).getFieldViolations(0).getField())
                .isEqualTo("steps");
        assertThat(error.getStatus().getDescription()).isEqualTo("steps: -1 (expected: 1..1000)");
    }

    @Test
    void tellsWhenToAskAgain() {
        body.set((_, _) -> {
            throw new TernException(ErrorCode.OVERLOADED, "queue full");
        });
        StatusRuntimeException error = failure();
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(detail(error, RetryInfo.class).getRetryDelay().getSeconds()).isEqualTo(1);
    }

    @Test
    void saysNothingOfAnErrorThatWeDidNotExpect() {
        body.set((_, _) -> {
            throw new IllegalStateException("secret path /home/x");
        });
        StatusRuntimeException error = failure();
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(error.getMessage()).doesNotContain("secret");
    }

    @Test
    void refusesAFieldThatItDoesNotKnow() {
        body.set((send, _) -> send.accept(progress(1)));
        GenerateRequest request = GenerateRequest.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                999,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> GenerationServiceGrpc.newBlockingStub(channel)
                        .generate(request)
                        .hasNext());
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(error.getStatus().getDescription()).contains("field 999 of GenerateRequest");
    }

    @Test
    void cancelsTheWorkWhenTheClientLeaves() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        body.set((_, cancellation) -> {
            CountDownLatch cancelled = new CountDownLatch(1);
            cancellation.onCancel(cancelled::countDown);
            started.countDown();
            await(cancelled);
            ended.countDown();
        });
        ClientCall<GenerateRequest, GenerateResponse> call =
                channel.newCall(GenerationServiceGrpc.getGenerateMethod(), CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        call.sendMessage(GenerateRequest.getDefaultInstance());
        call.halfClose();
        await(started);
        call.cancel("leaving", null);
        assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void endsTheWorkAtTheDeadline() throws Exception {
        AtomicReference<ErrorCode> seen = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(1);
        body.set((_, cancellation) -> {
            CountDownLatch cancelled = new CountDownLatch(1);
            cancellation.onCancel(cancelled::countDown);
            await(cancelled);
            try {
                cancellation.throwIfCancelled();
            } catch (TernException e) {
                seen.set(e.code());
            }
            ended.countDown();
        });
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> GenerationServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                        .generate(GenerateRequest.getDefaultInstance())
                        .hasNext());
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        // The client's own timer may cancel the call a moment before the server's deadline.
        assertThat(seen.get()).isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.CANCELLED);
    }

    @Test
    void endsACallInWordsWhenTheServiceGoesDown() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        body.set((send, cancellation) -> {
            started.countDown();
            for (int step = 0; ; step++) {
                send.accept(progress(step));
            }
        });
        Thread goingDown = Thread.ofVirtual().start(() -> {
            await(started);
            liveCalls.endAll();
        });
        StatusRuntimeException error =
                catchThrowableOfType(StatusRuntimeException.class, () -> call().forEachRemaining(_ -> {}));
        goingDown.join();
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(detail(error, RetryInfo.class).hasRetryDelay()).isTrue();
    }

    @Test
    void forgetsACallThatHasEnded() {
        body.set((send, _) -> send.accept(progress(1)));
        call().forEachRemaining(_ -> {});
        while (liveCalls.count() > 0) {
            Thread.onSpinWait();
        }
        assertThat(liveCalls.count()).isZero();
    }

    @Test
    void waitsForAReaderThatDoesNotRead() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(1);
        body.set((send, _) -> {
            try {
                for (int step = 0; step < 100_000; step++) {
                    send.accept(progress(step));
                    sent.incrementAndGet();
                }
            } finally {
                ended.countDown();
            }
        });
        ClientCall<GenerateRequest, GenerateResponse> call =
                channel.newCall(GenerationServiceGrpc.getGenerateMethod(), CallOptions.DEFAULT);
        CountDownLatch first = new CountDownLatch(1);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(GenerateResponse message) {
                        first.countDown();
                    }
                },
                new Metadata());
        call.request(1);
        call.sendMessage(GenerateRequest.getDefaultInstance());
        call.halfClose();
        await(first);
        call.cancel("enough", null);
        assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(sent.get()).isLessThan(100_000);
    }

    @Test
    void knowsWhetherSomebodyWaitsForACall() {
        AtomicReference<Priority> seen = new AtomicReference<>();
        body.set((_, _) -> seen.set(CallPriority.current()));
        assertThat(call().hasNext()).isFalse();
        assertThat(seen.get()).isEqualTo(Priority.LIVE);
        for (Priority priority : Priority.values()) {
            assertThat(call(CallPriority.wireName(priority)).hasNext()).isFalse();
            assertThat(seen.get()).isEqualTo(priority);
        }
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class, () -> call("soon").hasNext());
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal).hasMessageContaining("tern-priority: soon (expected: live or batch)");
    }

    private Iterator<GenerateResponse> call(String priority) {
        Metadata head = new Metadata();
        head.put(CallPriority.METADATA, priority);
        return GenerationServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(head))
                .generate(GenerateRequest.getDefaultInstance());
    }

    private Iterator<GenerateResponse> call() {
        return GenerationServiceGrpc.newBlockingStub(channel).generate(GenerateRequest.getDefaultInstance());
    }

    private StatusRuntimeException failure() {
        return catchThrowableOfType(StatusRuntimeException.class, () -> call().hasNext());
    }

    private Server startServer() {
        try {
            return InProcessServerBuilder.forName(toString())
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .intercept(new UnknownFieldsInterceptor())
                    .intercept(liveCalls)
                    .intercept(new CallPriority())
                    .addService(new GenerationServiceImplBase() {
                        @Override
                        public void generate(GenerateRequest request, StreamObserver<GenerateResponse> observer) {
                            ServerCalls.stream(observer, body.get());
                        }
                    })
                    .build()
                    .start();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static GenerateResponse progress(int step) {
        return GenerateResponse.newBuilder()
                .setProgress(Progress.newBuilder().setStep(step))
                .build();
    }

    private static <T extends com.google.protobuf.Message> T detail(StatusRuntimeException error, Class<T> type) {
        try {
            for (Any any : StatusProto.fromThrowable(error).getDetailsList()) {
                if (any.is(type)) {
                    return any.unpack(type);
                }
            }
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("no " + type.getSimpleName() + " in " + error);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
