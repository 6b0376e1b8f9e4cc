package io.tern.gateway.problem;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.codec.CodecException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;

/** From what was thrown to a problem. What we did not expect becomes a 500 without a word of its text. */
public final class Problems {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private Problems() {}

    public static Problem of(Throwable error) {
        return switch (error) {
            case ProblemException carried -> carried.problem();
            case TernException tern -> of(tern);
            case DataBufferLimitException _ ->
                new Problem(HttpStatus.CONTENT_TOO_LARGE, "payload_too_large", "the body is too large");
            case CodecException _ -> new Problem(HttpStatus.BAD_REQUEST, "invalid_argument", "body: it cannot be read");
            case InvalidMediaTypeException _ ->
                new Problem(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "content-type: it cannot be read");
            case MethodNotAllowedException wrong ->
                new Problem(
                        HttpStatus.METHOD_NOT_ALLOWED,
                        "method_not_allowed",
                        "method: " + wrong.getHttpMethod() + " (expected: "
                                + String.join(
                                        ", ",
                                        wrong.getSupportedMethods().stream()
                                                .map(Object::toString)
                                                .toList())
                                + ")");
            case ResponseStatusException status -> of(status);
            // Only a server that is proxied to is read by HTTP.
            case IOException _ -> badGateway();
            default -> internal();
        };
    }

    /** The HTTP status of one of our codes. */
    static Optional<HttpStatus> status(String code) {
        return ErrorCode.of(code).map(Problems::status);
    }

    static @Nullable Duration retryAfter(HttpStatus status) {
        return status == HttpStatus.TOO_MANY_REQUESTS || status == HttpStatus.SERVICE_UNAVAILABLE ? RETRY_AFTER : null;
    }

    /** As {@code not_found}. */
    static String word(HttpStatus status) {
        return status == HttpStatus.BAD_REQUEST
                ? "invalid_argument"
                : status.name().toLowerCase(Locale.ROOT);
    }

    private static Problem of(TernException error) {
        if (error.code() == ErrorCode.INTERNAL_ERROR) {
            return internal();
        }
        HttpStatus status = status(error.code());
        return new Problem(
                status, error.code().wireName(), String.valueOf(error.getMessage()), error.field(), retryAfter(status));
    }

    private static Problem of(ResponseStatusException error) {
        HttpStatus status = HttpStatus.resolve(error.getStatusCode().value());
        if (status == null || status == HttpStatus.INTERNAL_SERVER_ERROR) {
            return internal();
        }
        // Its reason may quote the request or name a class; the status' own words do not.
        return new Problem(
                status, word(status), status.getReasonPhrase().toLowerCase(Locale.ROOT), null, retryAfter(status));
    }

    private static Problem internal() {
        return new Problem(HttpStatus.INTERNAL_SERVER_ERROR, "internal_error", "internal error");
    }

    private static Problem badGateway() {
        return new Problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "unavailable",
                "the server behind cannot be reached",
                null,
                RETRY_AFTER);
    }

    private static HttpStatus status(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT -> HttpStatus.BAD_REQUEST;
            case MODEL_NOT_FOUND, NOT_FOUND -> HttpStatus.NOT_FOUND;
            case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
            case PAYLOAD_TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
            case UNSUPPORTED_MEDIA_TYPE -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
            case IDEMPOTENCY_CONFLICT -> HttpStatus.UNPROCESSABLE_CONTENT;
            case DEADLINE_EXCEEDED -> HttpStatus.GATEWAY_TIMEOUT;
            case OVERLOADED -> HttpStatus.TOO_MANY_REQUESTS;
            case UNAVAILABLE, CANCELLED -> HttpStatus.SERVICE_UNAVAILABLE;
            case POISON, INTERNAL_ERROR -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }
}
