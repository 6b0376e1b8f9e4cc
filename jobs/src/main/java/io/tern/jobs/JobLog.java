package io.tern.jobs;

import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import java.util.List;
import java.util.Optional;

/**
 * All that has become of a job, as the artifact store keeps it: the job after each change that matters, from position 1
 * on. RUNNING: a worker has claimed an attempt; QUEUED: that attempt was returned; a terminal state: the end, and there
 * is nothing after it. An entry is only ever added by creating its position, which one writer wins. So who wants to
 * commit attempt n adds the end right after its own claim, and cannot once a later attempt was claimed there.
 *
 * @param erased the job was erased: nothing is left but the fact
 */
public record JobLog(List<Job> entries, boolean erased) {
    public JobLog {
        entries = List.copyOf(entries);
    }

    /** Position of the entry that would be added next. */
    public int nextPosition() {
        return entries.size() + 1;
    }

    public Optional<Job> last() {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getLast());
    }

    public Optional<Job> end() {
        return last().filter(JobTransitions::isTerminal);
    }

    /** Whether there is nothing left to do: it ended or was erased. */
    public boolean isOver() {
        return erased || end().isPresent();
    }

    public int attempts() {
        return last().map(Job::getAttempt).orElse(0);
    }

    /** Attempts that count against the job: all but those returned without an error, as by a worker that was shut down. */
    public int spentAttempts() {
        return count(JobState.RUNNING)
                - (int) entries.stream()
                        .filter(entry -> entry.getState() == JobState.QUEUED && !entry.hasError())
                        .count();
    }

    /** Whether an attempt may have taken its worker down: it never said how it went. */
    public boolean isSuspect() {
        return count(JobState.RUNNING) > count(JobState.QUEUED);
    }

    private int count(JobState state) {
        return (int) entries.stream().filter(entry -> entry.getState() == state).count();
    }
}
