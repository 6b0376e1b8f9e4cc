package io.tern.wire.text;

import io.tern.wire.Fields;
import java.util.Optional;

/** Where a stream tells its usage: OpenAI's {@code stream_options}, with vLLM's {@code continuous_usage_stats}. */
public enum StreamUsage {
    NONE,
    /** In a chunk of its own behind all choices. */
    AT_END,
    /** There, and in each chunk what its choice has taken so far. */
    CONTINUOUS;

    /** Its obfuscation is padding, of which we send none. */
    static StreamUsage read(Fields fields, boolean stream) {
        Optional<Fields> options = fields.object("stream_options");
        if (options.isEmpty()) {
            return NONE;
        }
        if (!stream) {
            throw fields.invalid("stream_options", "none without stream: true");
        }
        Fields wanted = options.get();
        boolean atEnd = wanted.flag("include_usage").orElse(false);
        boolean continuous = wanted.flag("continuous_usage_stats").orElse(false);
        wanted.accept("include_obfuscation");
        wanted.refuseUnknown();
        if (continuous && !atEnd) {
            throw wanted.invalid("continuous_usage_stats", "false without include_usage: true");
        }
        return continuous ? CONTINUOUS : atEnd ? AT_END : NONE;
    }

    boolean isTold() {
        return this != NONE;
    }
}
