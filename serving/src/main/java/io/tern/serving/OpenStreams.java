package io.tern.serving;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds how many calls of many messages are open at once: each holds a model and what it has read, and waits for turns that
 * nobody refuses it. Safe for many threads.
 */
public final class OpenStreams {
    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    public OpenStreams(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("most: " + most + " (expected: >= 1)");
        }
        this.most = most;
    }

    /** Shows them as {@code tern_streams_open}. */
    public OpenStreams measuredBy(MeterRegistry registry) {
        Gauge.builder("tern.streams.open", this, OpenStreams::open)
                .description("Calls of many messages that are open")
                .register(registry);
        return this;
    }

    /** One stream's; to be closed once. */
    @FunctionalInterface
    public interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws TernException OVERLOADED if as many are open as may be */
    public Place enter() {
        if (open.getAndUpdate(count -> Math.min(count + 1, most)) == most) {
            throw new TernException(
                    ErrorCode.OVERLOADED,
                    "streams: " + most + " are open already, and no more may be; ask again later");
        }
        return open::decrementAndGet;
    }

    public int open() {
        return open.get();
    }
}
