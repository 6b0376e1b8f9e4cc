package io.tern.base;

import org.jspecify.annotations.Nullable;

/**
 * A failure with its cause in one word. The message has the bad value and the expected one: {@code steps: 0 (expected:
 * 1..1000)}; it may be shown to the caller, so it holds no address, path or prompt.
 */
public final class TernException extends RuntimeException {
    private final ErrorCode code;
    private final @Nullable String field;

    public TernException(ErrorCode code, String message) {
        this(code, message, null, null);
    }

    public TernException(ErrorCode code, String message, @Nullable String field, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.field = field;
    }

    /** The field of the request is wrong: {@code invalid("steps", 0, "1..1000")}. */
    public static TernException invalid(String field, @Nullable Object value, String expected) {
        return new TernException(
                ErrorCode.INVALID_ARGUMENT,
                field + ": " + shorten(String.valueOf(value)) + " (expected: " + expected + ")",
                field,
                null);
    }

    /** @throws TernException as {@link #invalid} gives it, if the condition does not hold */
    public static void require(boolean holds, String field, @Nullable Object value, String expected) {
        if (!holds) {
            throw invalid(field, value, expected);
        }
    }

    public ErrorCode code() {
        return code;
    }

    public ErrorKind kind() {
        return code.kind();
    }

    /** Name of the request's field that is wrong, if it is one field. */
    public @Nullable String field() {
        return field;
    }

    private static String shorten(String value) {
        return value.length() <= 80 ? value : value.substring(0, 80) + "… (" + value.length() + " characters)";
    }
}
