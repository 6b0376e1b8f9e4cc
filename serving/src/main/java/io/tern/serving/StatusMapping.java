package io.tern.serving;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.tern.base.ErrorCode;
import io.tern.base.ErrorKind;
import io.tern.base.TernException;

/** The one place where errors become gRPC statuses with details: ErrorInfo always, BadRequest and RetryInfo where they help. */
public final class StatusMapping {
    /** Domain of our reasons in {@link ErrorInfo}. */
    public static final String DOMAIN = "tern";

    private static final Duration RETRY_AFTER =
            Duration.newBuilder().setSeconds(1).build();

    private StatusMapping() {}

    /** Statuses pass as they are; what we did not expect becomes INTERNAL without a word of its text. */
    public static StatusRuntimeException toStatus(Throwable error) {
        return switch (error) {
            case StatusRuntimeException status -> status;
            case StatusException status -> status.getStatus().asRuntimeException(status.getTrailers());
            case TernException tern -> StatusProto.toStatusRuntimeException(details(tern));
            default ->
                StatusProto.toStatusRuntimeException(
                        details(new TernException(ErrorCode.INTERNAL_ERROR, "internal error")));
        };
    }

    /** Ends a call with an error in words. */
    public static void close(ServerCall<?, ?> call, TernException error) {
        StatusRuntimeException status = toStatus(error);
        Metadata details = status.getTrailers();
        call.close(status.getStatus(), details == null ? new Metadata() : details);
    }

    /** Whether somebody has to look at it: neither the caller's fault nor a full queue. */
    public static boolean isOurFault(Throwable error) {
        return switch (error) {
            case TernException tern -> tern.kind() == ErrorKind.INTERNAL;
            case StatusRuntimeException _, StatusException _ -> false;
            default -> true;
        };
    }

    private static com.google.rpc.Status details(TernException error) {
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(code(error.code()).value())
                .setMessage(String.valueOf(error.getMessage()))
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason(error.code().wireName())
                        .setDomain(DOMAIN)
                        .build()));
        String field = error.field();
        if (field != null) {
            status.addDetails(Any.pack(BadRequest.newBuilder()
                    .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                            .setField(field)
                            .setDescription(String.valueOf(error.getMessage())))
                    .build()));
        }
        if (error.kind() == ErrorKind.CAPACITY) {
            status.addDetails(
                    Any.pack(RetryInfo.newBuilder().setRetryDelay(RETRY_AFTER).build()));
        }
        return status.build();
    }

    private static Status.Code code(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE -> Status.Code.INVALID_ARGUMENT;
            case MODEL_NOT_FOUND, NOT_FOUND -> Status.Code.NOT_FOUND;
            case UNAUTHENTICATED -> Status.Code.UNAUTHENTICATED;
            case IDEMPOTENCY_CONFLICT -> Status.Code.ALREADY_EXISTS;
            case DEADLINE_EXCEEDED -> Status.Code.DEADLINE_EXCEEDED;
            case CANCELLED -> Status.Code.CANCELLED;
            case OVERLOADED -> Status.Code.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> Status.Code.UNAVAILABLE;
            case POISON, INTERNAL_ERROR -> Status.Code.INTERNAL;
        };
    }
}
