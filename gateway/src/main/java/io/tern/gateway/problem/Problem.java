package io.tern.gateway.problem;

import io.tern.base.FieldNames;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * An error as the client sees it.
 *
 * @param code one word, as {@code model_not_found}
 * @param message for people; holds no address, path or prompt
 * @param param name of the request's field that is wrong, if it is one
 * @param retryAfter when asking again makes sense, if it does
 */
public record Problem(
        HttpStatus status,
        String code,
        String message,
        @Nullable String param,
        @Nullable Duration retryAfter) {
    public Problem(HttpStatus status, String code, String message) {
        this(status, code, message, null, null);
    }

    /** The same under the name that the client knows the field by; one of no field stays as it is. */
    public Problem told(FieldNames names) {
        return param == null ? this : new Problem(status, code, names.told(message), names.told(param), retryAfter);
    }
}
