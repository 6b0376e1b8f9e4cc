package io.tern.gateway.passthrough;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** How many calls are being passed through now. */
public final class LiveCalls {
    private final AtomicInteger calls = new AtomicInteger();

    public LiveCalls(MeterRegistry registry) {
        registry.gauge("tern.gateway.grpc.calls.live", calls);
    }

    public int count() {
        return calls.get();
    }

    void begun() {
        calls.incrementAndGet();
    }

    void ended() {
        calls.decrementAndGet();
    }
}
