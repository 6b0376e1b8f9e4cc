package io.tern.inference.service;

import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.inference.v2.InferParameter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a request says beside its tensors.
 *
 * @param timeoutNanos from its arrival to the end of its run; Long.MAX_VALUE: no limit of its own
 * @param priority none: that of its call
 * @param finalResponse the answer says that no other follows
 */
record InferParameters(long timeoutNanos, Optional<Priority> priority, boolean finalResponse) {
    private static final String TIMEOUT = "timeout";
    private static final String PRIORITY = "priority";
    private static final String FINAL_RESPONSE = "triton_enable_empty_final_response";

    /** @throws TernException INVALID_ARGUMENT for a parameter that is not known, or not as it should be */
    static InferParameters of(Map<String, InferParameter> parameters) {
        long timeout = Long.MAX_VALUE;
        Optional<Priority> priority = Optional.empty();
        boolean finalResponse = false;
        for (Map.Entry<String, InferParameter> parameter : parameters.entrySet()) {
            String field = "parameters." + parameter.getKey();
            InferParameter value = parameter.getValue();
            switch (parameter.getKey()) {
                case TIMEOUT -> timeout = timeout(field, value);
                case PRIORITY -> priority = priority(field, value);
                case FINAL_RESPONSE -> {
                    TernException.require(value.hasBoolParam(), field, "another type", "true or false");
                    finalResponse = value.getBoolParam();
                }
                default ->
                    throw TernException.invalid(field, "unknown", String.join(", ", TIMEOUT, PRIORITY, FINAL_RESPONSE));
            }
        }
        return new InferParameters(timeout, priority, finalResponse);
    }

    /** In microseconds, as Triton has it; zero is none. */
    private static long timeout(String field, InferParameter value) {
        long micros = number(field, value, "microseconds, 0 or more");
        return micros == 0 ? Long.MAX_VALUE : TimeUnit.MICROSECONDS.toNanos(micros);
    }

    /** Triton's levels begin with 1, the highest, and go as far as a model has some; here are two. */
    private static Optional<Priority> priority(String field, InferParameter value) {
        long level = number(field, value, "0 or more: 1 is live, more is batch");
        return level == 0 ? Optional.empty() : Optional.of(level == 1 ? Priority.LIVE : Priority.BATCH);
    }

    private static long number(String field, InferParameter value, String expected) {
        return switch (value.getParameterChoiceCase()) {
            case INT64_PARAM -> {
                TernException.require(value.getInt64Param() >= 0, field, value.getInt64Param(), expected);
                yield value.getInt64Param();
            }
            case UINT64_PARAM -> // what does not fit into 63 bits is for ever
                value.getUint64Param() < 0 ? Long.MAX_VALUE : value.getUint64Param();
            case BOOL_PARAM, STRING_PARAM, DOUBLE_PARAM, PARAMETERCHOICE_NOT_SET ->
                throw TernException.invalid(field, "another type", expected);
        };
    }
}
