package io.tern.onnx;

import java.util.HashMap;
import java.util.Map;

/**
 * How a model is loaded.
 *
 * @param entries ONNX Runtime's {@code session.*} and {@code ep.*} settings, such as {@code session.disable_prepacking}
 */
public record SessionConfig(ExecutionProvider provider, Map<String, String> entries) {
    public SessionConfig {
        entries = Map.copyOf(entries);
    }

    /** On the CPU. */
    public static SessionConfig cpu() {
        return on(new ExecutionProvider.Cpu());
    }

    public static SessionConfig on(ExecutionProvider provider) {
        return new SessionConfig(provider, Map.of());
    }

    /** With one more entry, or another value for it. */
    public SessionConfig withEntry(String key, String value) {
        Map<String, String> more = new HashMap<>(entries);
        more.put(key, value);
        return new SessionConfig(provider, more);
    }
}
