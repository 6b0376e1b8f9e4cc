package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.tern.gateway.models.ModelList;
import io.tern.gateway.models.ModelList.Served;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.upstream.Upstreams;
import io.tern.gateway.web.LastCall;
import io.tern.model.v1.ListModelsRequest;
import io.tern.model.v1.ListModelsResponse;
import io.tern.model.v1.Model;
import io.tern.model.v1.ModelServiceGrpc.ModelServiceImplBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ModelListTest {
    private static final int SERVICES = 3;

    private final AtomicReference<String> model = new AtomicReference<>("old");
    private final AtomicInteger questions = new AtomicInteger();
    /** Questions that have come and seen which model there is. */
    private final Semaphore seen = new Semaphore(0);

    private final Semaphore answers = new Semaphore(0);
    private final Server server = FakeServices.start(0, new ModelServiceImplBase() {
        @Override
        public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
            Model.Builder served = Model.newBuilder().setId(model.get());
            questions.incrementAndGet();
            seen.release();
            answers.acquireUninterruptibly();
            observer.onNext(ListModelsResponse.newBuilder().addModels(served).build());
            observer.onCompleted();
        }
    });
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Upstreams upstreams = new Upstreams(upstream(), upstream(), upstream());
    private final ModelList list = new ModelList(upstreams, Duration.ofMinutes(1));

    private Upstream upstream() {
        return Upstream.connect(
                "decoding", "127.0.0.1:" + server.getPort(), executor, Duration.ofSeconds(10), new LastCall());
    }

    @AfterEach
    void close() {
        answers.release(1000);
        upstreams.close();
        server.shutdownNow();
        executor.close();
    }

    @Test
    void whoComesTogetherSharesAQuestionAndNobodyIsToldWhatWasBefore() throws Exception {
        CompletableFuture<Served> first = ask();
        seen.acquire(SERVICES);
        model.set("new");
        List<CompletableFuture<Served>> later = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            later.add(ask());
        }
        answers.release(2 * SERVICES);
        assertThat(ids(first)).containsOnly("old");
        for (CompletableFuture<Served> one : later) {
            assertThat(ids(one)).containsOnly("new");
        }
        assertThat(questions).hasValue(2 * SERVICES);
        model.set("newer");
        answers.release(SERVICES);
        assertThat(ids(ask())).containsOnly("newer");
    }

    @Test
    void whoeverGoesKeepsNobodyFromItsAnswer() throws Exception {
        CompletableFuture<Served> first = ask();
        seen.acquire(SERVICES);
        CompletableFuture<Served> second = ask();
        CompletableFuture<Served> third = ask();
        first.cancel(true);
        second.cancel(true);
        answers.release(2 * SERVICES);
        assertThat(ids(third)).hasSize(SERVICES);
    }

    private CompletableFuture<Served> ask() {
        return list.served("request").toFuture();
    }

    private static List<String> ids(CompletableFuture<Served> served) throws Exception {
        return served.get().models().stream().map(Model::getId).toList();
    }
}
