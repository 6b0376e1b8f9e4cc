package io.tern.gateway.passthrough;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The calls that are being passed through now. */
public final class PassThroughCalls {
    private final Set<PassThroughCall> calls = ConcurrentHashMap.newKeySet();

    public PassThroughCalls(MeterRegistry registry) {
        registry.gauge("tern.gateway.grpc.calls.live", calls, Set::size);
    }

    public int count() {
        return calls.size();
    }

    /** The server goes down: clients hear it as UNAVAILABLE. */
    public void endAll() {
        calls.forEach(PassThroughCall::goDown);
    }

    void begun(PassThroughCall call) {
        calls.add(call);
    }

    void ended(PassThroughCall call) {
        calls.remove(call);
    }
}
