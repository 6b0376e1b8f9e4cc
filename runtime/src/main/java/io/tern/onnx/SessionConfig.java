package io.tern.onnx;

import java.util.HashMap;
import java.util.Map;

/**
 * How a model is loaded.
 *
 * @param entries ONNX Runtime's {@code session.*} and {@code ep.*} settings, such as {@code session.disable_prepacking}
 * @param mostThreads of the runtime's that share the work of one operator, the caller's among them; 1 or more
 */
public record SessionConfig(ExecutionProvider provider, Map<String, String> entries, int mostThreads) {
    private static final String ALLOW_SPINNING = "session.intra_op.allow_spinning";

    /** Short enough to take no core from another model; ONNX Runtime's own spinning lasts milliseconds. */
    private static final Map<String, String> SPINNING =
            Map.of(ALLOW_SPINNING, "1", "session.intra_op.spin_duration_us", "50");

    public SessionConfig {
        entries = Map.copyOf(entries);
        if (mostThreads < 1) {
            throw new IllegalArgumentException("mostThreads: " + mostThreads + " (expected: >= 1)");
        }
    }

    /** On the CPU. */
    public static SessionConfig cpu() {
        return on(new ExecutionProvider.Cpu());
    }

    public static SessionConfig on(ExecutionProvider provider) {
        return new SessionConfig(provider, SPINNING, Integer.MAX_VALUE);
    }

    /**
     * With threads that sleep while they wait for the next operator. Else they spin for 50 microseconds first, since waking
     * them takes up to a third of a run of small operators; but of several runs of one session at once each would keep a
     * core from the others.
     */
    public SessionConfig withSleepingThreads() {
        return withEntry(ALLOW_SPINNING, "0");
    }

    /** Where a run keeps to its caller's thread. */
    public SessionConfig onOneThread() {
        return new SessionConfig(provider, entries, 1);
    }

    /** With one more entry, or another value for it. */
    public SessionConfig withEntry(String key, String value) {
        Map<String, String> more = new HashMap<>(entries);
        more.put(key, value);
        return new SessionConfig(provider, more, mostThreads);
    }
}
