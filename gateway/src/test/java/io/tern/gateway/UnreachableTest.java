package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.ErrorInfo;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.decoding.v1.TokenizeRequest;
import io.tern.gateway.health.HealthWatch;
import io.tern.gateway.health.Probe;
import io.tern.gateway.health.Probe.Answer;
import io.tern.gateway.health.ServiceProbe;
import io.tern.gateway.passthrough.PassThroughCalls;
import io.tern.gateway.passthrough.PassThroughService;
import io.tern.gateway.problem.ProblemException;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.LastCall;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A service that is not there, and one that comes back. */
class UnreachableTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Test
    void aServiceThatIsNotThereIsToldApartFromOneThatFails() throws IOException {
        try (Upstream upstream =
                Upstream.connect("decoding", "127.0.0.1:" + freePort(), Runnable::run, TIMEOUT, new LastCall())) {
            assertThatThrownBy(() -> tokenize(upstream)).isInstanceOfSatisfying(ProblemException.class, e -> {
                assertThat(e.problem().code()).isEqualTo("unavailable");
                assertThat(e.problem().message()).isEqualTo("the decoding service cannot be reached");
                assertThat(e.problem().retryAfter()).isEqualTo(Duration.ofSeconds(1));
            });
        }
    }

    @Test
    void nativeCallsToItAreTypedAndNameNoAddress() throws IOException {
        PassThroughCalls live = new PassThroughCalls(new SimpleMeterRegistry());
        try (Upstream upstream =
                Upstream.connect("decoding", "127.0.0.1:" + freePort(), Runnable::run, TIMEOUT, new LastCall())) {
            var service = new PassThroughService(
                    DecodingServiceGrpc.getServiceDescriptor(), "decoding", upstream.channel(), live);
            Server front = FakeServices.start(0, service);
            var channel = NettyChannelBuilder.forAddress("127.0.0.1", front.getPort())
                    .usePlaintext()
                    .build();
            assertThatThrownBy(() ->
                            DecodingServiceGrpc.newBlockingStub(channel).tokenize(TokenizeRequest.getDefaultInstance()))
                    .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                        assertThat(e.getStatus().getDescription()).isEqualTo("the decoding service cannot be reached");
                        assertThat(StatusProto.fromThrowable(e).getDetailsList())
                                .anyMatch(detail -> detail.is(ErrorInfo.class));
                    });
            assertThat(live.count()).isZero();
            channel.shutdownNow();
            front.shutdownNow();
        }
    }

    @Test
    void aServiceThatHangsIsAwayToo() throws Exception {
        // Takes connections and says nothing, as a stopped process does.
        try (ServerSocket silent = new ServerSocket(0);
                Upstream upstream = Upstream.connect(
                        "decoding", "127.0.0.1:" + silent.getLocalPort(), Runnable::run, TIMEOUT, new LastCall())) {
            assertThatThrownBy(() -> tokenize(upstream))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo("unavailable"));
            assertThat(new ServiceProbe(upstream).ask()).isEqualTo(Answer.DOWN);
        }
    }

    @Test
    void silenceIsNotTheEndBeforeItLasts() throws Exception {
        BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        Probe probe = new Probe() {
            @Override
            public String name() {
                return "decoding";
            }

            @Override
            public Answer ask() {
                try {
                    return answers.take();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return Answer.DOWN;
                }
            }
        };
        BlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
        try (HealthWatch watch = new HealthWatch(Duration.ofMillis(1), Duration.ofMillis(1))) {
            watch.start(List.of(probe));
            watch.listen(health -> changes.add(health.isReady()));
            answers.addAll(List.of(Answer.UP, Answer.SILENT, Answer.SILENT, Answer.UP));
            answers.addAll(List.of(Answer.SILENT, Answer.SILENT, Answer.SILENT, Answer.SILENT, Answer.UP));
            for (boolean expected : new boolean[] {false, true, false, true}) {
                assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(expected);
            }
        }
    }

    @Test
    void aServiceThatComesBackIsFoundAgain() throws Exception {
        int port = freePort();
        try (Upstream upstream =
                        Upstream.connect("decoding", "127.0.0.1:" + port, Runnable::run, TIMEOUT, new LastCall());
                HealthWatch watch = new HealthWatch(Duration.ofMillis(50), Duration.ofMillis(50))) {
            watch.start(List.of(new ServiceProbe(upstream)));
            assertThat(watch.health().isReady()).isFalse();
            Server first = FakeServices.start(port, new FakeDecoding());
            awaitReady(watch, true);
            assertThat(tokenize(upstream)).isEqualTo(7);
            first.shutdownNow().awaitTermination();
            awaitReady(watch, false);
            Server second = FakeServices.start(port, new FakeDecoding());
            awaitReady(watch, true);
            assertThat(tokenize(upstream)).isEqualTo(7);
            watch.goDown();
            assertThat(watch.health().isReady()).isFalse();
            second.shutdownNow();
        }
    }

    private static int tokenize(Upstream upstream) {
        return upstream.unary(DecodingServiceGrpc.getTokenizeMethod(), TokenizeRequest.getDefaultInstance(), "id")
                .block(TIMEOUT)
                .getTokenIds(0);
    }

    private static void awaitReady(HealthWatch watch, boolean ready) throws InterruptedException {
        CountDownLatch seen = new CountDownLatch(1);
        watch.listen(health -> {
            if (health.isReady() == ready) {
                seen.countDown();
            }
        });
        assertThat(seen.await(10, TimeUnit.SECONDS)).as("ready " + ready).isTrue();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
