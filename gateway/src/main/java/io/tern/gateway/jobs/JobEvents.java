package io.tern.gateway.jobs;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.stream.ServerEvent;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.kafka.JobListener;
import io.tern.jobs.kafka.SequencedEvent;
import io.tern.jobs.v1.Job;
import io.tern.wire.jobs.JobsJson;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import reactor.core.publisher.Flux;

/**
 * The events of a job as server-sent events, from the one after Last-Event-ID on; {@code done} follows the last state.
 * The watch's thread waits while the client does not read.
 */
final class JobEvents {
    private static final int MAX_DEMAND = 1 << 16;

    private JobEvents() {}

    static Flux<ServerEvent> of(OwnedJobs jobs, String id, long afterSequence) {
        return Flux.<SequencedEvent>create(sink -> {
                    Semaphore demand = new Semaphore(0);
                    sink.onRequest(n -> demand.release((int) Math.min(n, MAX_DEMAND)));
                    JobDesk.Watch watch = jobs.watch(id, afterSequence, new JobListener() {
                        private boolean toldEnd;

                        @Override
                        public void event(SequencedEvent event) {
                            try {
                                demand.acquire();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException("the watch was closed", e);
                            }
                            toldEnd |= isEnd(event);
                            sink.next(event);
                        }

                        @Override
                        public void ended() {
                            if (toldEnd) {
                                sink.complete();
                            } else if (!sink.isCancelled()) {
                                sink.error(
                                        new TernException(ErrorCode.NOT_FOUND, "id: the job was erased", "id", null));
                            }
                        }

                        @Override
                        public void failed(TernException failure) {
                            sink.error(failure);
                        }
                    });
                    sink.onDispose(watch::close);
                })
                .concatMapIterable(JobEvents::told, 1);
    }

    private static List<ServerEvent> told(SequencedEvent sequenced) {
        List<ServerEvent> events = new ArrayList<>();
        JobsJson.event(sequenced.event())
                .ifPresent(event -> events.add(ServerEvent.of(event.name(), sequenced.sequence(), event.data())));
        if (isEnd(sequenced)) {
            Job job = sequenced.event().getState();
            events.add(ServerEvent.of("done", sequenced.sequence(), JobsJson.job(job)));
        }
        return events;
    }

    private static boolean isEnd(SequencedEvent event) {
        return event.event().hasState()
                && JobTransitions.isTerminal(event.event().getState());
    }
}
