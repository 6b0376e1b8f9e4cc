package io.tern.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.model.v1.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class LoadedModelsTest {
    @TempDir
    Path folder;

    private final ServedModels served = new ServedModels();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final LoadedModels<Runner> models = new LoadedModels<>(served, this::open);

    /** Cannot be used once it is closed, as a native session. */
    private final class Runner {
        private final AtomicBoolean isClosed = new AtomicBoolean();

        void run() {
            assertThat(isClosed).isFalse();
            Thread.yield();
            assertThat(isClosed).isFalse();
        }

        void close() {
            assertThat(isClosed.getAndSet(true)).isFalse();
            closed.incrementAndGet();
        }
    }

    private LoadedModel<Runner> open(BroughtModel brought) {
        if (brought.precision().equals("bad")) {
            throw TernException.invalid("model", "bad", "a good one");
        }
        opened.incrementAndGet();
        return loaded(brought.name(), false);
    }

    private LoadedModel<Runner> loaded(String id, boolean isDefault) {
        Runner runner = new Runner();
        Model description = Model.newBuilder().setId(id).setDefault(isDefault).build();
        return new LoadedModel<>(description, runner, runner::close);
    }

    private BroughtModel brought(String name) {
        return new BroughtModel(name, folder, "");
    }

    private List<String> listed() {
        return served.all().getModelsList().stream().map(Model::getId).toList();
    }

    @Test
    void servesWhatIsBroughtBesideTheCatalogue() {
        models.add(loaded("default", true));
        models.load(brought("mine"), false);
        assertThat(listed()).containsExactly("default", "mine");
        try (Lease<Runner> mine = models.lease("mine");
                Lease<Runner> unnamed = models.lease("")) {
            mine.model().run();
            assertThat(unnamed.id()).isEqualTo("default");
        }
        models.unload("mine");
        assertThat(listed()).containsExactly("default");
        awaitClosed(1);
        assertNotFound(() -> models.lease("mine"));
        models.close();
        assertThat(closed).hasValue(2);
    }

    @Test
    void keepsANameForItsPath() {
        models.add(loaded("default", true));
        models.load(brought("mine"), false);
        assertRefused("name", () -> models.load(new BroughtModel("mine", folder.getParent(), ""), false));
        assertRefused("name", () -> models.load(brought("default"), false));
        served.add(Model.newBuilder().setId("other").build());
        assertRefused("name", () -> models.load(brought("other"), true));
        assertThat(opened).hasValue(1);
        models.load(brought("mine"), false);
        assertThat(opened).hasValue(2);
        awaitClosed(1); // the one that it replaced
        models.lease("mine").model().run();
    }

    @Test
    void replacesABroughtModelByAnotherOnceThatIsOpenAndNeverACatalogues() {
        models.add(loaded("default", true));
        models.load(brought("mine"), false);
        BroughtModel better = new BroughtModel("mine", folder.getParent(), "");
        try (Lease<Runner> old = models.lease("mine")) {
            assertRefused("model", () -> models.load(new BroughtModel("mine", folder.getParent(), "bad"), true));
            assertThat(models.lease("mine").model()).isSameAs(old.model());
            models.load(better, true); // and waits for nobody
            assertThat(models.lease("mine").model()).isNotSameAs(old.model());
            old.model().run();
            assertThat(closed).hasValue(0);
        }
        assertRefused("name", () -> models.load(new BroughtModel("default", folder, ""), true));
    }

    @Test
    void leavesAllAsItWasWhereLoadingFails() {
        models.load(brought("mine"), false);
        assertRefused("model", () -> models.load(new BroughtModel("mine", folder, "bad"), false));
        assertRefused("model", () -> models.load(new BroughtModel("other", folder, "bad"), false));
        assertRefused("path", () -> models.load(new BroughtModel("other", folder.resolve("none"), ""), false));
        assertThat(listed()).containsExactly("mine");
        models.lease("mine").model().run();
    }

    @Test
    void keepsTheCataloguesModels() {
        models.add(loaded("default", true));
        assertRefused("name", () -> models.unload("default"));
        assertRefused("name", () -> models.unload(""));
        assertNotFound(() -> models.unload("none"));
        models.lease("").model().run();
    }

    @Test
    void waitsForTheLastRequestBeforeItFrees() {
        models.load(brought("mine"), false);
        Lease<Runner> first = models.lease("mine");
        Lease<Runner> second = models.lease("mine");
        models.unload("mine");
        assertThat(listed()).isEmpty();
        first.close();
        first.close();
        assertNotFound(() -> models.lease("mine"));
        second.model().run();
        assertThat(closed).hasValue(0);
        second.close();
        awaitClosed(1);
    }

    @Test
    void neverFreesWhatIsInUse() throws Exception {
        models.load(brought("mine"), false);
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                running.add(threads.submit(() -> {
                    start.await();
                    for (int round = 0; round < 500; round++) {
                        use();
                    }
                    return true;
                }));
            }
            running.add(threads.submit(() -> {
                start.await();
                for (int round = 0; round < 200; round++) {
                    models.load(brought("mine"), false);
                    models.unload("mine");
                }
                return true;
            }));
            start.countDown();
            for (Future<?> each : running) {
                each.get();
            }
        }
        awaitClosed(opened.get());
    }

    private void awaitClosed(int models) {
        while (closed.get() != models) {
            Thread.onSpinWait(); // bounded by the test's time limit
        }
    }

    private void use() {
        try (Lease<Runner> lease = models.lease("mine")) {
            lease.model().run();
        } catch (TernException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
        }
    }

    @Test
    void takesOnlyNamesThatFitAPath() {
        for (String wrong : List.of("", ".hidden", "a/b", "a b", "ä", "x".repeat(65))) {
            assertRefused("name", () -> brought(wrong));
        }
        assertThat(brought("Qwen3-0.6B_q4.k-m").name()).isEqualTo("Qwen3-0.6B_q4.k-m");
        assertRefused("serve_as", () -> new BroughtModel("x", folder, "", "boxes", null));
        assertRefused("path", () -> new BroughtModel("x", Path.of("relative"), ""));
    }

    private static void assertRefused(String field, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(TernException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e.field()).isEqualTo(field);
        });
    }

    private static void assertNotFound(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND));
    }
}
