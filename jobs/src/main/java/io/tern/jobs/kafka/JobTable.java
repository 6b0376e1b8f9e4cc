package io.tern.jobs.kafka;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.tern.base.TernException;
import io.tern.jobs.JobChange;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobEvent;
import io.tern.jobs.v1.JobState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All jobs that are known here, and their events. Guarded by its own lock; no input or output under it. */
final class JobTable {
    /** Of the events of all jobs together: a small part of the heap. */
    private static final long MAX_EVENT_BYTES =
            Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);

    private final Map<String, Entry> byId = new HashMap<>();
    private final TreeMap<Age, Entry> byAge = new TreeMap<>(Age.NEWEST_FIRST);
    /** Jobs that have ended and whose end is not among their events yet. */
    private final Set<Entry> ending = new HashSet<>();

    /** Jobs that have ended and have a webhook, until somebody has asked for them. */
    private final Deque<String> toCall = new ArrayDeque<>();

    private int queued;

    /** Where the last submission of a job lies on the jobs topic. */
    record Place(int partition, long offset) {}

    /**
     * A job as the reaper sees it.
     *
     * @param silentNanos since something was last heard of it
     * @param place null if its submission is not on the topic any more
     */
    record Seen(Job job, long silentNanos, @Nullable Place place) {}

    private record Age(Timestamp created, String id) {
        static final Comparator<Age> NEWEST_FIRST = Comparator.comparing(Age::created, Timestamps.comparator())
                .thenComparing(Age::id)
                .reversed();
    }

    private static final class Entry {
        final Age age;
        final EventLog events = new EventLog();
        Job job;
        long heardNanos = System.nanoTime();

        @Nullable
        Place place;

        boolean endOnTopic;

        Entry(Job job) {
            this.age = new Age(job.getCreatedAt(), job.getId());
            this.job = job;
        }
    }

    synchronized boolean contains(String id) {
        return byId.containsKey(id);
    }

    synchronized Optional<Job> get(String id) {
        return Optional.ofNullable(byId.get(id)).map(entry -> entry.job);
    }

    synchronized Optional<EventLog> events(String id) {
        return Optional.ofNullable(byId.get(id)).map(entry -> entry.events);
    }

    synchronized int queued() {
        return queued;
    }

    /** How many jobs are in each state. */
    synchronized Map<JobState, Integer> counts() {
        Map<JobState, Integer> counts = new TreeMap<>();
        byId.values().forEach(entry -> counts.merge(entry.job.getState(), 1, Integer::sum));
        return counts;
    }

    /** Takes over what this picture of the job knows better. */
    synchronized void merge(Job job) {
        merged(job);
    }

    synchronized void submitted(Job job, Place place) {
        Entry entry = merged(job);
        if (entry.place == null || entry.place.offset() < place.offset()) {
            entry.place = place;
        }
    }

    /** What the state topic says. */
    synchronized void stated(Job job) {
        Entry entry = merged(job);
        if (!JobTransitions.isTerminal(entry.job)) {
            entry.heardNanos = System.nanoTime(); // a sign of life may be all that it says
        }
        // The last record of a job is what stays: a late sign of life on top of its end is no end.
        entry.endOnTopic = JobTransitions.isTerminal(job);
    }

    synchronized void happened(long sequence, JobEvent event) {
        if (event.hasState()) {
            Entry entry = merged(event.getState());
            entry.events.add(sequence, event);
            if (JobTransitions.isTerminal(event.getState())) {
                entry.events.close();
            }
            return;
        }
        Entry entry = byId.get(event.getJobId());
        if (entry == null || event.getAttempt() < entry.job.getAttempt()) {
            return;
        }
        entry.heardNanos = System.nanoTime();
        if (event.hasProgress()) {
            replace(entry, JobTransitions.apply(entry.job, progress(event)));
        }
        entry.events.add(sequence, event);
    }

    synchronized void erase(String id) {
        Entry entry = byId.remove(id);
        if (entry != null) {
            byAge.remove(entry.age);
            queued -= entry.job.getState() == JobState.QUEUED ? 1 : 0;
            entry.events.clear();
            entry.events.close();
        }
    }

    /** Something was heard of the job by another way. */
    synchronized void heard(String id) {
        Entry entry = byId.get(id);
        if (entry != null) {
            entry.heardNanos = System.nanoTime();
        }
    }

    /** @throws TernException INVALID_ARGUMENT if there is no job {@code after} */
    synchronized JobPage page(Predicate<Job> wanted, int limit, String after) {
        Map<Age, Entry> rest = byAge;
        if (!after.isEmpty()) {
            Entry last = byId.get(after);
            if (last == null) {
                throw TernException.invalid("after", after, "the id of a job");
            }
            rest = byAge.tailMap(last.age, false);
        }
        List<Job> found = rest.values().stream()
                .map(entry -> entry.job)
                .filter(wanted)
                .limit(limit + 1L)
                .toList();
        boolean hasMore = found.size() > limit;
        return new JobPage(hasMore ? found.subList(0, limit) : found, hasMore);
    }

    /** Jobs that have not ended. */
    synchronized List<Seen> live() {
        return seen(entry -> !JobTransitions.isTerminal(entry.job));
    }

    /** Jobs that have ended for so long, and the state topic does not say so. */
    synchronized List<Seen> untold(Duration age) {
        return seen(entry -> JobTransitions.isTerminal(entry.job)
                && !entry.endOnTopic
                && System.nanoTime() - entry.heardNanos > age.toNanos());
    }

    /** Jobs that ended before then. */
    synchronized List<Job> endedBefore(Timestamp time) {
        return byId.values().stream()
                .map(entry -> entry.job)
                .filter(job -> JobTransitions.isTerminal(job) && Timestamps.compare(job.getFinishedAt(), time) < 0)
                .toList();
    }

    /** Jobs that have ended, whose end is not among their events, and will not come any more after this age. */
    synchronized void closeOverdue(Duration age) {
        ending.removeIf(entry -> {
            boolean overdue = System.nanoTime() - entry.heardNanos > age.toNanos();
            if (overdue) {
                entry.events.close();
            }
            return overdue || entry.events.isClosed();
        });
    }

    /** The next job that has ended and has a webhook; each is told once. */
    synchronized Optional<String> nextToCall() {
        return Optional.ofNullable(toCall.poll());
    }

    /** Forgets events, of the oldest jobs first, until the rest is small enough. */
    synchronized void bound() {
        long bytes = 0;
        for (Entry entry : byAge.values()) {
            bytes += entry.events.bytes();
            if (bytes > MAX_EVENT_BYTES) {
                bytes -= entry.events.bytes();
                entry.events.clear();
            }
        }
    }

    private Entry merged(Job job) {
        Entry entry = byId.get(job.getId());
        if (entry == null) {
            entry = new Entry(job);
            byId.put(job.getId(), entry);
            byAge.put(entry.age, entry);
            queued += job.getState() == JobState.QUEUED ? 1 : 0;
            noteEnd(entry);
            return entry;
        }
        Job merged = JobTransitions.merge(entry.job, job);
        // What is known is no news, whoever repeats it: a job must be able to fall silent.
        if (!merged.equals(entry.job)) {
            entry.heardNanos = System.nanoTime();
            replace(entry, merged);
        }
        return entry;
    }

    private void replace(Entry entry, Job job) {
        queued += (job.getState() == JobState.QUEUED ? 1 : 0) - (entry.job.getState() == JobState.QUEUED ? 1 : 0);
        entry.job = job;
        noteEnd(entry);
    }

    private void noteEnd(Entry entry) {
        if (JobTransitions.isTerminal(entry.job)) {
            ending.add(entry);
            if (!entry.job.getWebhook().isEmpty()) {
                toCall.add(entry.job.getId());
            }
        }
    }

    private List<Seen> seen(Predicate<Entry> which) {
        long now = System.nanoTime();
        List<Seen> seen = new ArrayList<>();
        for (Entry entry : byId.values()) {
            if (which.test(entry)) {
                seen.add(new Seen(entry.job, now - entry.heardNanos, entry.place));
            }
        }
        return seen;
    }

    private static JobChange progress(JobEvent event) {
        return new JobChange.Advanced(event.getAttempt(), event.getProgress());
    }
}
