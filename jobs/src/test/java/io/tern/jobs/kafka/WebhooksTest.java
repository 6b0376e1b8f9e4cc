package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.jobs.WebhookSender;
import io.tern.jobs.WebhookSender.Outcome;
import io.tern.jobs.artifact.FileArtifactStore;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a store of files and a clock of its own; each gateway is one {@link Webhooks}, which calls on our thread. */
class WebhooksTest {
    private static final List<Duration> WAITS = List.of(Duration.ofSeconds(5), Duration.ofSeconds(30));
    private static final Job ENDED = Job.newBuilder()
            .setId("j-1")
            .setType("decoding")
            .setState(JobState.SUCCEEDED)
            .setAttempt(1)
            .setWebhook("https://hooks.example/tern")
            .build();

    @TempDir
    Path folder;

    private final List<String> calls = new ArrayList<>();
    private final Deque<Outcome> outcomes = new ArrayDeque<>();
    private FileArtifactStore store;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeEach
    void open() {
        store = FileArtifactStore.open(folder);
        assertThat(store.append(ENDED.getId(), 1, ENDED)).isTrue();
    }

    @Test
    void callsAgainUntilItIsTaken() {
        outcomes.addAll(List.of(Outcome.FAILED, Outcome.FAILED, Outcome.TAKEN));
        Webhooks webhooks = gateway("a");
        webhooks.call();
        assertThat(calls).containsExactly("a");
        pass(webhooks, Duration.ofSeconds(4));
        assertThat(calls).hasSize(1);
        pass(webhooks, Duration.ofSeconds(1));
        assertThat(calls).hasSize(2);
        pass(webhooks, Duration.ofSeconds(29));
        assertThat(calls).hasSize(2);
        pass(webhooks, Duration.ofSeconds(1));
        assertThat(calls).hasSize(3);
        pass(webhooks, Duration.ofDays(1));
        assertThat(calls).hasSize(3);
    }

    @Test
    void givesUpAfterTheLastWait() {
        outcomes.addAll(List.of(Outcome.FAILED, Outcome.FAILED, Outcome.FAILED, Outcome.TAKEN));
        Webhooks webhooks = gateway("a");
        for (int hour = 0; hour < 10; hour++) {
            pass(webhooks, Duration.ofHours(1));
        }
        assertThat(calls).hasSize(3);
        assertThat(store.webhook(ENDED.getId()).settled()).isTrue();
    }

    @Test
    void doesNotRepeatWhatIsRefused() {
        outcomes.addAll(List.of(Outcome.REFUSED, Outcome.TAKEN));
        Webhooks webhooks = gateway("a");
        webhooks.call();
        pass(webhooks, Duration.ofDays(1));
        assertThat(calls).hasSize(1);
    }

    @Test
    void callsAgainWhatThrew() {
        Webhooks webhooks = gateway(_ -> {
            calls.add("thrown");
            throw new IllegalStateException("broken");
        });
        webhooks.call();
        pass(webhooks, Duration.ofSeconds(5));
        assertThat(calls).hasSize(2);
    }

    @Test
    void aSecondGatewayLeavesACallToTheFirst() {
        outcomes.addAll(List.of(Outcome.FAILED, Outcome.TAKEN));
        Webhooks first = gateway("a");
        Webhooks second = gateway("b");
        first.call();
        second.call();
        assertThat(calls).containsExactly("a");
        now = now.plusSeconds(5);
        second.call();
        first.call();
        assertThat(calls).containsExactly("a", "b");
        pass(first, Duration.ofDays(1));
        pass(second, Duration.ofDays(1));
        assertThat(calls).hasSize(2);
    }

    /** It had begun a call when it died: nobody knows whether it was heard. */
    @Test
    void goesOnWhereAGatewayDied() {
        Webhooks died = gateway(_ -> {
            calls.add("a");
            throw new Death();
        });
        try {
            died.call();
        } catch (Death _) {
            // as wanted
        }
        outcomes.add(Outcome.TAKEN);
        Webhooks next = gateway("b");
        next.call();
        assertThat(calls).containsExactly("a");
        pass(next, Duration.ofSeconds(5));
        assertThat(calls).containsExactly("a", "b");
        Webhooks later = gateway("c");
        pass(later, Duration.ofDays(1));
        assertThat(calls).hasSize(2);
    }

    @Test
    void forgetsAnErasedJob() {
        outcomes.addAll(List.of(Outcome.FAILED, Outcome.TAKEN));
        JobTable table = new JobTable();
        table.merge(ENDED);
        Webhooks webhooks = new Webhooks(store, table, end -> call("a"), WAITS, () -> now, Runnable::run);
        webhooks.call();
        store.erase(ENDED.getId());
        table.erase(ENDED.getId());
        pass(webhooks, Duration.ofDays(1));
        assertThat(calls).hasSize(1);
        assertThat(store.beginWebhook(ENDED.getId(), 2, now)).isFalse();
    }

    private static final class Death extends Error {
        private static final long serialVersionUID = 1;
    }

    private void pass(Webhooks webhooks, Duration time) {
        now = now.plus(time);
        webhooks.call();
    }

    private Webhooks gateway(String name) {
        return gateway(end -> {
            assertThat(end).isEqualTo(ENDED);
            return call(name);
        });
    }

    private Webhooks gateway(WebhookSender sender) {
        JobTable table = new JobTable();
        table.merge(ENDED);
        return new Webhooks(store, table, sender, WAITS, () -> now, Runnable::run);
    }

    private Outcome call(String name) {
        calls.add(name);
        return outcomes.remove();
    }
}
