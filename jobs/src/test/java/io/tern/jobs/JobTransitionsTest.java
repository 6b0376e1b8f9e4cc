package io.tern.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobResult;
import io.tern.jobs.v1.JobState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JobTransitionsTest {
    private static final Job QUEUED =
            Job.newBuilder().setId("j").setState(JobState.QUEUED).build();
    private static final JobError ERROR =
            JobError.newBuilder().setCode("internal_error").build();

    @Test
    void goesFromQueuedOverRunningToSucceeded() {
        Job running = JobTransitions.apply(QUEUED, new JobChange.Began(1, at(1)));
        Job half = JobTransitions.apply(running, new JobChange.Advanced(1, 0.5));
        Job done = JobTransitions.apply(half, new JobChange.Succeeded(1, result(1), at(2)));
        assertThat(running.getState()).isEqualTo(JobState.RUNNING);
        assertThat(half.getProgress()).isEqualTo(0.5);
        assertThat(done.getState()).isEqualTo(JobState.SUCCEEDED);
        assertThat(done.getProgress()).isEqualTo(1);
        assertThat(done.getFinishedAt()).isEqualTo(at(2));
    }

    @Test
    void keepsTheFirstEnd() {
        Job cancelled = JobTransitions.apply(QUEUED, new JobChange.Cancelled(ERROR, at(1)));
        for (JobChange change : someOfEach(3)) {
            assertThat(JobTransitions.apply(cancelled, change)).isSameAs(cancelled);
        }
    }

    @Test
    void ignoresAStaleAttempt() {
        Job second = JobTransitions.apply(QUEUED, new JobChange.Began(2, at(1)));
        assertThat(JobTransitions.apply(second, new JobChange.Succeeded(1, result(1), at(2))))
                .isSameAs(second);
        assertThat(JobTransitions.apply(second, new JobChange.Failed(1, ERROR, at(2))))
                .isSameAs(second);
        assertThat(JobTransitions.apply(second, new JobChange.Returned(1, ERROR)))
                .isSameAs(second);
        assertThat(JobTransitions.apply(second, new JobChange.Advanced(1, 0.9))).isSameAs(second);
        assertThat(JobTransitions.apply(second, new JobChange.Began(1, at(3)))).isSameAs(second);
    }

    @Test
    void startsTheProgressOfALaterAttemptAnew() {
        Job half = JobTransitions.apply(
                JobTransitions.apply(QUEUED, new JobChange.Began(1, at(1))), new JobChange.Advanced(1, 0.5));
        Job returned = JobTransitions.apply(half, new JobChange.Returned(1, ERROR));
        assertThat(returned.getState()).isEqualTo(JobState.QUEUED);
        assertThat(returned.getError()).isEqualTo(ERROR);
        Job again = JobTransitions.apply(returned, new JobChange.Began(2, at(2)));
        assertThat(again.getProgress()).isZero();
        assertThat(again.hasError()).isFalse();
    }

    @Test
    void doesNotTakeNaNForProgress() {
        Job running = JobTransitions.apply(QUEUED, new JobChange.Began(1, at(1)));
        assertThat(JobTransitions.apply(running, new JobChange.Advanced(1, Double.NaN)))
                .isSameAs(running);
    }

    @Test
    void holdsItsInvariantsOverRandomChangesInAnyOrder() {
        for (long seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            List<JobChange> changes = someOfEach(4);
            changes.addAll(someOfEach(4));
            Collections.shuffle(changes, random);
            Job job = QUEUED;
            for (JobChange change : changes) {
                Job next = JobTransitions.apply(job, change);
                String what = "seed " + seed + ": " + job + " × " + change;
                if (JobTransitions.isTerminal(job)) {
                    assertThat(next).as(what).isSameAs(job);
                }
                assertThat(next.getAttempt()).as(what).isGreaterThanOrEqualTo(job.getAttempt());
                if (next.getAttempt() == job.getAttempt() && next.getState() == JobState.RUNNING) {
                    assertThat(next.getProgress()).as(what).isGreaterThanOrEqualTo(job.getProgress());
                }
                if (next.getState() == JobState.SUCCEEDED && next != job) {
                    assertThat(next.getResult().getSizeBytes()).as(what).isGreaterThanOrEqualTo(job.getAttempt());
                }
                assertThat(JobTransitions.apply(next, change))
                        .as(what + ", twice")
                        .isEqualTo(next);
                job = next;
            }
            assertThat(JobTransitions.isTerminal(job)).as("seed " + seed).isTrue();
        }
    }

    /** The states that a real job passes through, seen in any order and more than once, always lead to its end. */
    @Test
    void findsTheSameEndFromTheStatesOfOneHistoryInAnyOrder() {
        for (long seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            List<Job> history = history(random);
            Job end = history.getLast();
            List<Job> seen = new ArrayList<>(history);
            seen.addAll(history);
            Collections.shuffle(seen, random);
            Job view = seen.getFirst();
            for (Job state : seen) {
                view = JobTransitions.merge(view, state);
            }
            assertThat(view.getState()).as("seed " + seed).isEqualTo(end.getState());
            assertThat(view.getResult()).as("seed " + seed).isEqualTo(end.getResult());
        }
    }

    private static List<Job> history(Random random) {
        List<Job> history = new ArrayList<>(List.of(QUEUED));
        int attempts = 1 + random.nextInt(3);
        for (int attempt = 1; attempt <= attempts; attempt++) {
            history.add(JobTransitions.apply(history.getLast(), new JobChange.Began(attempt, at(attempt))));
            if (attempt < attempts && random.nextBoolean()) {
                history.add(JobTransitions.apply(history.getLast(), new JobChange.Returned(attempt, ERROR)));
            }
        }
        JobChange end = switch (random.nextInt(4)) {
            case 0 -> new JobChange.Succeeded(attempts, result(attempts), at(9));
            case 1 -> new JobChange.Failed(attempts, ERROR, at(9));
            case 2 -> new JobChange.Cancelled(ERROR, at(9));
            default -> new JobChange.Expired(ERROR, at(9));
        };
        history.add(JobTransitions.apply(history.getLast(), end));
        return history;
    }

    private static List<JobChange> someOfEach(int attempts) {
        List<JobChange> changes = new ArrayList<>();
        for (int attempt = 1; attempt <= attempts; attempt++) {
            changes.add(new JobChange.Began(attempt, at(attempt)));
            changes.add(new JobChange.Advanced(attempt, 0.3));
            changes.add(new JobChange.Advanced(attempt, 0.6));
            changes.add(new JobChange.Returned(attempt, ERROR));
            changes.add(new JobChange.Succeeded(attempt, result(attempt), at(attempt)));
            changes.add(new JobChange.Failed(attempt, ERROR, at(attempt)));
        }
        changes.add(new JobChange.Cancelled(ERROR, at(7)));
        changes.add(new JobChange.Expired(ERROR, at(8)));
        return changes;
    }

    /** Its size is the attempt that made it. */
    private static JobResult result(int attempt) {
        return JobResult.newBuilder().setSizeBytes(attempt).build();
    }

    private static Timestamp at(long seconds) {
        return Timestamp.newBuilder().setSeconds(seconds).build();
    }
}
