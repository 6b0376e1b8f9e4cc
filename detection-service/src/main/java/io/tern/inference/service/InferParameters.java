package io.tern.inference.service;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.inference.v2.InferParameter;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request says beside its tensors.
 *
 * @param timeout within which it has to end; null: none of its own
 * @param finalResponse the answer says that no other follows
 */
record InferParameters(@Nullable Duration timeout, boolean finalResponse) {
    private static final String TIMEOUT = "timeout";
    private static final String FINAL_RESPONSE = "triton_enable_empty_final_response";

    /** A day. */
    private static final long MOST_MICROS = 86_400_000_000L;

    /** @throws TernException INVALID_ARGUMENT for a parameter that is not known, or not as it should be */
    static InferParameters of(Map<String, InferParameter> parameters) {
        Duration timeout = null;
        boolean finalResponse = false;
        for (Map.Entry<String, InferParameter> parameter : parameters.entrySet()) {
            InferParameter value = parameter.getValue();
            String field = "parameters." + parameter.getKey();
            switch (parameter.getKey()) {
                case TIMEOUT -> {
                    long micros = value.getInt64Param();
                    TernException.require(
                            0 < micros && micros <= MOST_MICROS, field, micros, "1.." + MOST_MICROS + " microseconds");
                    timeout = Duration.ofNanos(1000 * micros);
                }
                case FINAL_RESPONSE -> finalResponse = value.getBoolParam();
                default ->
                    throw TernException.invalid(field, "unknown", "timeout or triton_enable_empty_final_response");
            }
        }
        return new InferParameters(timeout, finalResponse);
    }

    /** That of the request, which ends at its own timeout too; who uses it passes the caller's cancel on. */
    Cancellation cancellation(Cancellation caller) {
        return timeout == null
                ? caller
                : Cancellation.withTimeout(Math.min(caller.remainingNanos(), timeout.toNanos()));
    }
}
