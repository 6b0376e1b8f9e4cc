package io.tern.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobState;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobLogTest {
    @Test
    void countsAttemptsButNotThoseGivenBackInGoodOrder() {
        JobLog log = log(running(1), returned(1, ""), running(2), returned(2, "internal_error"), running(3));
        assertThat(log.attempts()).isEqualTo(3);
        assertThat(log.spentAttempts()).isEqualTo(2);
        assertThat(log.nextPosition()).isEqualTo(6);
        assertThat(log.isOver()).isFalse();
    }

    @Test
    void suspectsAJobWhoseAttemptNeverSaidHowItWent() {
        assertThat(log().isSuspect()).isFalse();
        assertThat(log(running(1)).isSuspect()).isTrue();
        assertThat(log(running(1), returned(1, "internal_error")).isSuspect()).isFalse();
        assertThat(log(running(1), running(2), returned(2, "internal_error")).isSuspect())
                .isTrue();
    }

    @Test
    void isOverWhenItEndedOrWasErased() {
        Job end = Job.newBuilder().setState(JobState.FAILED).setAttempt(1).build();
        assertThat(log(running(1), end).end()).contains(end);
        assertThat(new JobLog(List.of(running(1)), true).isOver()).isTrue();
        assertThat(new JobLog(List.of(running(1)), true).end()).isEmpty();
    }

    private static JobLog log(Job... entries) {
        return new JobLog(List.of(entries), false);
    }

    private static Job running(int attempt) {
        return Job.newBuilder().setState(JobState.RUNNING).setAttempt(attempt).build();
    }

    private static Job returned(int attempt, String code) {
        Job.Builder job = Job.newBuilder().setState(JobState.QUEUED).setAttempt(attempt);
        return (code.isEmpty() ? job : job.setError(JobError.newBuilder().setCode(code))).build();
    }
}
