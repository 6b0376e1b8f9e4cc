package io.tern.gateway;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Virtual threads for parsing and for what blocks, as executor and as Reactor's scheduler over it. */
public record Workers(ExecutorService executor, Scheduler scheduler) implements AutoCloseable {
    static Workers start() {
        ExecutorService executor = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("request-", 0).factory());
        return new Workers(executor, Schedulers.fromExecutorService(executor, "request"));
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
