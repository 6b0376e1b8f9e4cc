package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class JobWatchTest {
    private static final Job ENDED =
            Job.newBuilder().setId("a").setState(JobState.SUCCEEDED).build();

    @Test
    void tellsTheEndOnceTheStoreIsBack() throws Exception {
        EventLog events = new EventLog();
        events.close();
        AtomicInteger asked = new AtomicInteger();
        List<JobState> told = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        JobListener listener = new JobListener() {
            @Override
            public void event(SequencedEvent event) {
                told.add(event.event().getState().getState());
            }

            @Override
            public void ended() {
                over.complete(null);
            }

            @Override
            public void failed(TernException failure) {
                over.completeExceptionally(failure);
            }
        };
        try (JobWatch _ = new JobWatch(
                ENDED,
                0,
                events,
                () -> {
                    if (asked.getAndIncrement() == 0) {
                        throw new TernException(ErrorCode.UNAVAILABLE, "away");
                    }
                    return Optional.of(ENDED);
                },
                listener)) {
            over.get(10, TimeUnit.SECONDS);
        }
        assertThat(told).containsExactly(JobState.QUEUED, JobState.SUCCEEDED);
    }

    @ParameterizedTest
    @MethodSource
    void whatCannotBeReadIsSaidAndNotAskedForEver(RuntimeException broken, ErrorCode code) throws Exception {
        EventLog events = new EventLog();
        events.close();
        CompletableFuture<TernException> failure = new CompletableFuture<>();
        JobListener listener = new JobListener() {
            @Override
            public void event(SequencedEvent event) {}

            @Override
            public void ended() {
                failure.completeExceptionally(new AssertionError("ended"));
            }

            @Override
            public void failed(TernException told) {
                failure.complete(told);
            }
        };
        try (JobWatch _ = new JobWatch(
                ENDED,
                0,
                events,
                () -> {
                    throw broken;
                },
                listener)) {
            assertThat(failure.get(10, TimeUnit.SECONDS).code()).isEqualTo(code);
        }
    }

    static List<Arguments> whatCannotBeReadIsSaidAndNotAskedForEver() {
        return List.of(
                Arguments.of(new TernException(ErrorCode.INTERNAL_ERROR, "a damaged log"), ErrorCode.INTERNAL_ERROR),
                Arguments.of(new UncheckedIOException(new IOException("disk")), ErrorCode.INTERNAL_ERROR));
    }
}
