package io.tern.gateway.problem;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.tern.serving.StatusMapping;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** From a service's gRPC status and its details to a problem. */
public final class GrpcProblems {
    private GrpcProblems() {}

    /**
     * A status without our ErrorInfo was made by the transport: its text may hold an address and is not shown.
     *
     * @param service who was asked, as {@code detection}
     */
    public static Problem of(String service, Status status, @Nullable Metadata trailers) {
        com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
        Optional<String> reason = detail(details, ErrorInfo.class)
                .filter(info -> info.getDomain().equals(StatusMapping.DOMAIN))
                .map(ErrorInfo::getReason);
        if (reason.isEmpty()) {
            return ofTransport(service, status.getCode());
        }
        String field = detail(details, BadRequest.class)
                .filter(bad -> bad.getFieldViolationsCount() > 0)
                .map(bad -> bad.getFieldViolations(0).getField())
                .orElse(null);
        Duration retryAfter = detail(details, RetryInfo.class)
                .map(retry -> Duration.ofSeconds(
                        retry.getRetryDelay().getSeconds(),
                        retry.getRetryDelay().getNanos()))
                .orElse(null);
        HttpStatus http = Problems.status(reason.get()).orElseGet(() -> httpStatus(status.getCode()));
        return new Problem(
                http,
                reason.get(),
                details.getMessage(),
                field,
                retryAfter == null ? Problems.retryAfter(http) : retryAfter);
    }

    private static Problem ofTransport(String service, Status.Code code) {
        HttpStatus http = httpStatus(code);
        return switch (code) {
            case UNAVAILABLE ->
                new Problem(
                        http,
                        "unavailable",
                        "the " + service + " service cannot be reached",
                        null,
                        Problems.retryAfter(http));
            case DEADLINE_EXCEEDED -> new Problem(http, "deadline_exceeded", "deadline exceeded");
            default ->
                new Problem(
                        http,
                        http.is5xxServerError() ? "internal_error" : Problems.word(http),
                        "the " + service + " service answered " + code,
                        null,
                        Problems.retryAfter(http));
        };
    }

    private static HttpStatus httpStatus(Status.Code code) {
        return switch (code) {
            case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION -> HttpStatus.BAD_REQUEST;
            case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
            case PERMISSION_DENIED -> HttpStatus.FORBIDDEN;
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case ALREADY_EXISTS, ABORTED -> HttpStatus.CONFLICT;
            case RESOURCE_EXHAUSTED -> HttpStatus.TOO_MANY_REQUESTS;
            case UNIMPLEMENTED -> HttpStatus.NOT_IMPLEMENTED;
            // A service that goes down cancels what it has.
            case UNAVAILABLE, CANCELLED -> HttpStatus.SERVICE_UNAVAILABLE;
            case DEADLINE_EXCEEDED -> HttpStatus.GATEWAY_TIMEOUT;
            case OK, UNKNOWN, INTERNAL, DATA_LOSS -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }

    private static <T extends Message> Optional<T> detail(com.google.rpc.Status status, Class<T> type) {
        for (Any any : status.getDetailsList()) {
            if (any.is(type)) {
                try {
                    return Optional.of(any.unpack(type));
                } catch (InvalidProtocolBufferException _) {
                    return Optional.empty(); // broken details say nothing
                }
            }
        }
        return Optional.empty();
    }
}
