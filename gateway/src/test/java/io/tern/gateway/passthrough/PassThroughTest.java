package io.tern.gateway.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Two real servers, one passing through to the other; after each test no call may be left. */
class PassThroughTest {
    private static final int LIMIT_BYTES = 4 << 20;

    private final Echo echo = new Echo();
    private final MessageBudget budget = new MessageBudget(6 << 20);
    private final PassThroughCalls live = new PassThroughCalls(new SimpleMeterRegistry());
    private Server back;
    private Server front;
    private ManagedChannel between;
    private ManagedChannel client;

    @BeforeEach
    void start() throws IOException {
        back = server().addService(echo.service()).build().start();
        between = channel(back.getPort());
        front = server().addStreamTracerFactory(budget)
                .addService(new PassThroughService(Echo.DESCRIPTOR, "test", between, live))
                .build()
                .start();
        client = channel(front.getPort());
    }

    @AfterEach
    void stopAndFindNothingLeft() throws InterruptedException {
        try {
            for (int i = 0; live.count() + budget.taken() > 0 && i < 500; i++) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(live.count()).isZero();
            assertThat(budget.taken()).isZero();
        } finally {
            client.shutdownNow();
            front.shutdownNow();
            between.shutdownNow();
            back.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(value = MethodType.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
    void messagesHeadersAndTrailersPass(MethodType type) throws Exception {
        Metadata headers = new Metadata();
        headers.put(Echo.TEXT, "some text");
        headers.put(Echo.BYTES, new byte[] {0, (byte) 0xFF, 10});
        TestCall call = TestCall.start(client, type, "echo", CallOptions.DEFAULT, headers);
        call.send("one");
        if (!type.clientSendsOneMessage()) {
            call.send("", "three");
        }
        assertThat(call.end().awaitStatus().getCode()).isEqualTo(Status.Code.OK);
        assertThat(call.headers.get().get(Echo.TEXT)).isEqualTo("some text");
        assertThat(call.headers.get().get(Echo.BYTES)).containsExactly(0, 0xFF, 10);
        assertThat(call.trailers.get().get(Echo.BYTES)).containsExactly(9);
        assertThat(call.messages.stream().map(String::new))
                .containsExactly(
                        type == MethodType.BIDI_STREAMING ? new String[] {"one", "", "three"} : new String[] {"one"});
    }

    @ParameterizedTest
    @EnumSource(value = MethodType.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
    void anErrorInTheOnlyFrameKeepsCodeTextAndDetails(MethodType type) throws Exception {
        TestCall call = TestCall.start(client, type, "refuse").send("x").end();
        assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(call.awaitStatus().getDescription()).isEqualTo(Echo.TEXT_WITH_SPECIALS);
        assertThat(call.trailers.get().get(Echo.DETAILS)).containsExactly(Echo.DETAIL_BYTES);
        assertThat(call.headers).isNotCompleted();
    }

    @ParameterizedTest
    @EnumSource(
            value = MethodType.class,
            names = {"SERVER_STREAMING", "BIDI_STREAMING"})
    void anErrorAfterTwoMessagesKeepsCodeAndDetails(MethodType type) throws Exception {
        TestCall call = TestCall.start(client, type, "fail").send("x").end();
        assertThat(call.awaitStatus().getCode().value()).isEqualTo(10);
        assertThat(call.messages).hasSize(2);
        assertThat(call.trailers.get().get(Echo.DETAILS)).containsExactly(Echo.DETAIL_BYTES);
    }

    @Test
    void bidirectionalMessagesGoBackAndForth() throws Exception {
        TestCall call = TestCall.start(client, MethodType.BIDI_STREAMING, "echo");
        for (int i = 0; i < 50; i++) {
            call.call.request(1);
            call.send("ball " + i);
            assertThat(new String(call.messages.poll(10, TimeUnit.SECONDS))).isEqualTo("ball " + i);
        }
        assertThat(call.end().awaitStatus().getCode()).isEqualTo(Status.Code.OK);
    }

    @ParameterizedTest
    @CsvSource({"UNARY", "SERVER_STREAMING", "BIDI_STREAMING"})
    void aDeadlineIsTheServicesToo(MethodType type) throws Exception {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS);
        TestCall call = TestCall.start(client, type, "hang", options, new Metadata());
        call.send("x").end();
        assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        echo.await("deadline");
        assertThat(Long.parseLong(echo.headersSeen.get("deadline-ms"))).isLessThanOrEqualTo(300);
        echo.await("cancelled");
    }

    @ParameterizedTest
    @CsvSource({"UNARY", "SERVER_STREAMING", "BIDI_STREAMING"})
    void aCancelIsTheServicesToo(MethodType type) throws Exception {
        TestCall call = TestCall.start(client, type, "hang").send("x").end();
        echo.await("half-closed");
        call.call.cancel("enough", null);
        echo.await("cancelled");
        assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
    }

    @ParameterizedTest
    @CsvSource({"UNARY", "SERVER_STREAMING", "BIDI_STREAMING"})
    void theServicesEndIsTypedAndNamesNoAddress(MethodType type) throws Exception {
        TestCall call = TestCall.start(client, type, "hang").send("x").end();
        echo.await("half-closed");
        back.shutdownNow();
        assertThat(call.awaitStatus().getCode()).isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED);
        assertThat(String.valueOf(call.awaitStatus().getDescription())).doesNotContain("127.0.0.1");
    }

    @Test
    void aReaderThatStopsHoldsLittleMemory() throws Exception {
        TestCall call =
                TestCall.start(client, MethodType.SERVER_STREAMING, "flood").send("x");
        call.call.halfClose();
        call.call.request(1);
        assertThat(call.messages.poll(10, TimeUnit.SECONDS)).hasSize(Echo.FLOOD_BYTES);
        long sent;
        do {
            sent = echo.sent.get();
            TimeUnit.MILLISECONDS.sleep(200); // the flood has come to rest once nothing was sent for so long
        } while (echo.sent.get() != sent && sent < 2_000);
        // 64 KiB each: two HTTP/2 windows of 1 MiB and what the sockets and both writers' buffers hold.
        assertThat(sent).isLessThan(128);
        call.call.request(50);
        for (int i = 0; i < 50; i++) {
            assertThat(call.messages.poll(10, TimeUnit.SECONDS)).hasSize(Echo.FLOOD_BYTES);
        }
        call.call.cancel("enough", null);
        echo.await("cancelled");
    }

    @Test
    void aSlowServiceHoldsTheSenderBack() {
        TestCall call = TestCall.start(client, MethodType.CLIENT_STREAMING, "deaf");
        int sent = 0;
        byte[] message = new byte[Echo.FLOOD_BYTES];
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (System.nanoTime() < end) {
            if (call.call.isReady()) {
                call.call.sendMessage(message);
                sent++;
            } else {
                Thread.onSpinWait();
            }
        }
        assertThat(sent).isBetween(1, 192);
        call.call.cancel("enough", null);
    }

    @Test
    void anOversizedMessageEndsItsCallAndNoOther() throws Exception {
        TestCall sibling = TestCall.start(client, MethodType.BIDI_STREAMING, "echo");
        sibling.call.request(100);
        TestCall large = TestCall.start(client, MethodType.UNARY, "echo");
        large.call.sendMessage(new byte[LIMIT_BYTES + 1]);
        // gRPC tells why as well as it can: on a busy machine its reset of the stream may overtake the reason.
        assertThat(large.end().awaitStatus().getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
        sibling.send("still there");
        assertThat(new String(sibling.messages.poll(10, TimeUnit.SECONDS))).isEqualTo("still there");
        assertThat(sibling.end().awaitStatus().getCode()).isEqualTo(Status.Code.OK);
    }

    @Test
    void messagesThatAreTooMuchTogetherAreRefusedUntilOthersEnd() throws Exception {
        TestCall sibling = TestCall.start(client, MethodType.BIDI_STREAMING, "echo");
        sibling.call.request(100);
        TestCall held = TestCall.start(client, MethodType.UNARY, "hang");
        held.call.sendMessage(new byte[LIMIT_BYTES]);
        held.end();
        echo.await("half-closed");

        TestCall refused = TestCall.start(client, MethodType.UNARY, "hang");
        refused.call.sendMessage(new byte[LIMIT_BYTES]);
        assertThat(refused.end().awaitStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(reason(refused)).isEqualTo("overloaded");
        assertStillAnswered(sibling);

        cancel(held);
        TestCall next = TestCall.start(client, MethodType.UNARY, "echo");
        next.call.sendMessage(new byte[LIMIT_BYTES]);
        assertThat(next.end().awaitStatus().getCode()).isEqualTo(Status.Code.OK);
    }

    /** Four kilobytes of the wire, and four megabytes of memory. */
    @Test
    void whatMessagesUnpackToCountsToo() throws Exception {
        TestCall sibling = TestCall.start(client, MethodType.BIDI_STREAMING, "echo");
        sibling.call.request(100);
        TestCall held = bomb("hang", LIMIT_BYTES);
        echo.await("half-closed");
        assertThat(budget.taken()).isGreaterThanOrEqualTo(LIMIT_BYTES);

        TestCall refused = bomb("hang", LIMIT_BYTES);
        assertThat(refused.awaitStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(reason(refused)).isEqualTo("overloaded");
        assertStillAnswered(sibling);

        cancel(held);
        TestCall next = bomb("echo", LIMIT_BYTES);
        assertThat(next.awaitStatus().getCode()).isEqualTo(Status.Code.OK);
        assertThat(next.messages).singleElement().isEqualTo(new byte[LIMIT_BYTES]);
    }

    private static String reason(TestCall ended) throws Exception {
        return StatusProto.fromStatusAndTrailers(ended.awaitStatus(), ended.trailers.get())
                .getDetails(0)
                .unpack(ErrorInfo.class)
                .getReason();
    }

    private static void assertStillAnswered(TestCall sibling) throws Exception {
        sibling.send("still there");
        assertThat(new String(sibling.messages.poll(10, TimeUnit.SECONDS))).isEqualTo("still there");
        assertThat(sibling.end().awaitStatus().getCode()).isEqualTo(Status.Code.OK);
    }

    /** And waits until what it held has been given back. */
    private void cancel(TestCall held) throws InterruptedException {
        held.call.cancel("enough", null);
        for (int i = 0; budget.taken() > 0 && i < 500; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Test
    void aMessageThatUnpacksToTooMuchIsRefusedAlone() throws Exception {
        TestCall large = bomb("echo", LIMIT_BYTES + 1);
        assertThat(reason(large)).isEqualTo("payload_too_large");
        assertThat(bomb("echo", 10).awaitStatus().getCode()).isEqualTo(Status.Code.OK);
    }

    private TestCall bomb(String method, int bytes) {
        CallOptions packed = CallOptions.DEFAULT.withCompression("gzip");
        TestCall call = TestCall.start(client, MethodType.UNARY, method, packed, new Metadata());
        call.call.setMessageCompression(true);
        call.call.sendMessage(new byte[bytes]);
        return call.end();
    }

    @Test
    void manyCancelsHarmNoOtherCall() throws Exception {
        TestCall sibling = TestCall.start(client, MethodType.BIDI_STREAMING, "echo");
        sibling.call.request(100);
        for (int i = 0; i < 200; i++) {
            TestCall call = TestCall.start(client, MethodType.SERVER_STREAMING, "flood")
                    .send("x")
                    .end();
            if (i % 2 == 0) {
                call.messages.poll(10, TimeUnit.SECONDS);
            }
            call.call.cancel("enough", null);
        }
        sibling.send("still there");
        assertThat(new String(sibling.messages.poll(10, TimeUnit.SECONDS))).isEqualTo("still there");
        assertThat(sibling.end().awaitStatus().getCode()).isEqualTo(Status.Code.OK);
    }

    private static NettyServerBuilder server() {
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .directExecutor()
                .maxInboundMessageSize(LIMIT_BYTES);
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .directExecutor()
                .maxInboundMessageSize(LIMIT_BYTES)
                .build();
    }
}
