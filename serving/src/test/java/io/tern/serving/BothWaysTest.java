package io.tern.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.tern.base.TernException;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectStreamResponse;
import io.tern.detection.v1.DetectionServiceGrpc;
import io.tern.detection.v1.DetectionServiceGrpc.DetectionServiceImplBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BothWaysTest {
    private final AtomicReference<ServerCalls.BothWaysBody<DetectRequest, DetectStreamResponse>> body =
            new AtomicReference<>();
    private final Server server = startServer();
    private final ManagedChannel channel =
            InProcessChannelBuilder.forName(toString()).build();
    private final Client client = new Client();

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void answersEachMessageInItsOrderUntilTheLast() throws Exception {
        body.set(BothWaysTest::echo);
        StreamObserver<DetectRequest> requests = client.open();
        for (int i = 0; i < 50; i++) {
            requests.onNext(request(i));
        }
        requests.onCompleted();
        for (int i = 0; i < 50; i++) {
            assertThat(client.answers.take().getFrame()).isEqualTo(i);
        }
        client.ended.await();
        assertThat(client.error.get()).isNull();
    }

    /** The body has taken one and one waits: nothing more is taken from a client that goes on sending. */
    @Test
    void holdsUpAClientThatSendsFasterThanItIsAnswered() throws Exception {
        Semaphore steps = new Semaphore(0);
        body.set((receive, send, cancellation) -> {
            for (DetectRequest next = receive.receive(); next != null; next = receive.receive()) {
                steps.acquireUninterruptibly();
                send.accept(answer(next.getMaxDetections(), receive.index()));
            }
        });
        StreamObserver<DetectRequest> requests = client.open();
        int sent = 0;
        while (client.call.get().isReady()) {
            requests.onNext(request(sent++));
        }
        assertThat(sent).isLessThan(10);
        steps.release(1000);
        for (int i = 0; i < sent; i++) {
            assertThat(client.answers.take().getFrame()).isEqualTo(i);
        }
        requests.onCompleted();
        client.ended.await();
    }

    @Test
    void keepsOnlyTheNewestForAClientThatCannotWait() throws Exception {
        CountDownLatch allSent = new CountDownLatch(1);
        body.set((receive, send, cancellation) -> {
            receive.keepNewest();
            for (DetectRequest next = receive.receive(); next != null; next = receive.receive()) {
                send.accept(answer(next.getMaxDetections(), receive.index()));
                await(allSent);
            }
        });
        StreamObserver<DetectRequest> requests = client.open();
        requests.onNext(request(0));
        assertThat(client.answers.take().getFrame()).isZero();
        for (int i = 1; i < 100; i++) {
            requests.onNext(request(i));
        }
        requests.onCompleted();
        allSent.countDown();
        client.ended.await();
        DetectStreamResponse last = null;
        for (DetectStreamResponse answer : client.answers) {
            last = answer;
        }
        assertThat(last).isNotNull();
        assertThat(last.getFrame()).as("the newest is never left out").isEqualTo(99);
        assertThat(last.getDropped()).as("its place among all").isEqualTo(99);
    }

    @Test
    void theBodyHearsThatTheClientHasGone() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        body.set((receive, send, cancellation) -> {
            try {
                echo(receive, send, cancellation);
            } catch (TernException e) {
                gone.countDown();
                throw e;
            }
        });
        StreamObserver<DetectRequest> requests = client.open();
        requests.onNext(request(0));
        client.answers.take();
        client.call.get().cancel("leaving", null);
        gone.await();
    }

    @Test
    void anErrorEndsTheStreamInWords() throws Exception {
        body.set((receive, send, cancellation) -> {
            var _ = receive.receive();
            throw TernException.invalid("image", "2 x 2 pixels", "3 x 3");
        });
        client.open().onNext(request(0));
        client.ended.await();
        Status status = Status.fromThrowable(client.error.get());
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription()).isEqualTo("image: 2 x 2 pixels (expected: 3 x 3)");
    }

    /** The interceptor has answered then; the body must end, and not answer once more. */
    @Test
    void aLaterMessageWithAnUnknownFieldEndsTheStream() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        body.set((receive, send, cancellation) -> {
            try {
                echo(receive, send, cancellation);
            } finally {
                ended.countDown();
            }
        });
        StreamObserver<DetectRequest> requests = client.open();
        requests.onNext(request(0));
        client.answers.take();
        requests.onNext(DetectRequest.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                999,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build());
        client.ended.await();
        assertThat(Status.fromThrowable(client.error.get()).getDescription()).contains("field 999");
        ended.await();
    }

    @Test
    void aDeadlineEndsAStreamThatIsSilent() {
        body.set(BothWaysTest::echo);
        var stub = DetectionServiceGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(100, java.util.concurrent.TimeUnit.MILLISECONDS);
        assertThatThrownBy(() -> stub.detectStream().read())
                .isInstanceOfAny(StatusRuntimeException.class, io.grpc.StatusException.class)
                .hasMessageContaining("DEADLINE_EXCEEDED");
    }

    private static void echo(
            BoundedReceiver<DetectRequest> receive,
            java.util.function.Consumer<DetectStreamResponse> send,
            io.tern.base.Cancellation cancellation) {
        for (DetectRequest next = receive.receive(); next != null; next = receive.receive()) {
            send.accept(answer(next.getMaxDetections(), receive.index()));
        }
    }

    private static DetectRequest request(int number) {
        return DetectRequest.newBuilder().setMaxDetections(number).build();
    }

    private static DetectStreamResponse answer(int number, long index) {
        return DetectStreamResponse.newBuilder()
                .setFrame(number)
                .setDropped(index)
                .build();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Server startServer() {
        try {
            return InProcessServerBuilder.forName(toString())
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .intercept(new UnknownFieldsInterceptor())
                    .addService(new DetectionServiceImplBase() {
                        @Override
                        public StreamObserver<DetectRequest> detectStream(
                                StreamObserver<DetectStreamResponse> observer) {
                            return ServerCalls.bothWays(observer, body.get());
                        }
                    })
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Client implements ClientResponseObserver<DetectRequest, DetectStreamResponse> {
        private final BlockingQueue<DetectStreamResponse> answers = new LinkedBlockingQueue<>();
        private final CountDownLatch ended = new CountDownLatch(1);
        private final AtomicReference<Throwable> error = new AtomicReference<>();
        private final AtomicReference<ClientCallStreamObserver<DetectRequest>> call = new AtomicReference<>();

        StreamObserver<DetectRequest> open() {
            return DetectionServiceGrpc.newStub(channel).detectStream(this);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<DetectRequest> requests) {
            call.set(requests);
        }

        @Override
        public void onNext(DetectStreamResponse answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable because) {
            error.set(because);
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            ended.countDown();
        }
    }
}
