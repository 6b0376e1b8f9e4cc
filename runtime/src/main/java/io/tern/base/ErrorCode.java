package io.tern.base;

import static io.tern.base.ErrorKind.CALLER;
import static io.tern.base.ErrorKind.CAPACITY;
import static io.tern.base.ErrorKind.INTERNAL;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a call failed; the same word stands in REST bodies, in gRPC's {@code ErrorInfo.reason} and on jobs. */
public enum ErrorCode {
    INVALID_ARGUMENT(CALLER),
    MODEL_NOT_FOUND(CALLER),
    NOT_FOUND(CALLER),
    /** A key is asked for, and the call came without one that is known. */
    UNAUTHENTICATED(CALLER),
    PAYLOAD_TOO_LARGE(CALLER),
    UNSUPPORTED_MEDIA_TYPE(CALLER),
    /** The Idempotency-Key was used with another body. */
    IDEMPOTENCY_CONFLICT(CALLER),
    DEADLINE_EXCEEDED(CALLER),
    CANCELLED(CALLER),
    /** A bounded queue is full. */
    OVERLOADED(CAPACITY),
    /** Something we need cannot be reached or is not ready yet. */
    UNAVAILABLE(CAPACITY),
    /** A job that ended its worker too often. */
    POISON(ErrorKind.INTERNAL),
    INTERNAL_ERROR(INTERNAL);

    private final ErrorKind kind;

    ErrorCode(ErrorKind kind) {
        this.kind = kind;
    }

    /** Empty for a word that stands for none of them. */
    public static Optional<ErrorCode> of(String wireName) {
        return Arrays.stream(values())
                .filter(code -> code.wireName().equals(wireName))
                .findFirst();
    }

    public ErrorKind kind() {
        return kind;
    }

    /** The word on the wire: {@code invalid_argument}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
