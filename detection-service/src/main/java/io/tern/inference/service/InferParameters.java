package io.tern.inference.service;

import io.tern.base.TernException;
import io.tern.inference.v2.InferParameter;
import java.util.Map;

/**
 * What a request says beside its tensors.
 *
 * @param finalResponse the answer says that no other follows
 */
record InferParameters(boolean finalResponse) {
    private static final String FINAL_RESPONSE = "triton_enable_empty_final_response";

    /** @throws TernException INVALID_ARGUMENT for a parameter that is not known, or not as it should be */
    static InferParameters of(Map<String, InferParameter> parameters) {
        for (Map.Entry<String, InferParameter> parameter : parameters.entrySet()) {
            String field = "parameters." + parameter.getKey();
            TernException.require(parameter.getKey().equals(FINAL_RESPONSE), field, "unknown", FINAL_RESPONSE);
            TernException.require(parameter.getValue().hasBoolParam(), field, "another type", "true or false");
        }
        return new InferParameters(parameters.containsKey(FINAL_RESPONSE)
                && parameters.get(FINAL_RESPONSE).getBoolParam());
    }
}
