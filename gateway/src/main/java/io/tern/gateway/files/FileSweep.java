package io.tern.gateway.files;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Erases files whose time is over, now and every hour. */
public final class FileSweep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileSweep.class);
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final Disposable rounds;

    /** @param workers on which it blocks */
    public FileSweep(FileStore store, Scheduler workers) {
        rounds = Flux.interval(Duration.ZERO, INTERVAL)
                .onBackpressureDrop()
                .concatMap(_ -> Mono.fromRunnable(store::sweep)
                        .subscribeOn(workers)
                        .doOnError(e -> LOG.warn("files whose time is over stay for now: {}", e.getMessage()))
                        .onErrorComplete())
                .subscribe();
    }

    @Override
    public void close() {
        rounds.dispose();
    }
}
