package io.tern.gateway.upstream;

import io.grpc.Metadata;
import io.tern.base.Priority;
import io.tern.gateway.web.RequestId;
import io.tern.serving.CallPriority;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * What a call to a service says beside its question.
 *
 * @param priority whether somebody waits for the answer
 * @param authorization the caller's key as it came, by which a service tells callers apart; null if there was none
 */
public record CallHead(
        String requestId, Priority priority, @Nullable String authorization) {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of(HttpHeaders.AUTHORIZATION, Metadata.ASCII_STRING_MARSHALLER);

    public static CallHead of(ServerRequest request) {
        return new CallHead(
                RequestId.of(request), Priority.LIVE, request.headers().firstHeader(HttpHeaders.AUTHORIZATION));
    }

    /** The key is a secret. */
    @Override
    public String toString() {
        return "CallHead[" + requestId + "]";
    }

    Metadata metadata() {
        Metadata metadata = new Metadata();
        metadata.put(RequestId.METADATA, requestId);
        metadata.put(CallPriority.METADATA, CallPriority.wireName(priority));
        if (authorization != null) {
            metadata.put(AUTHORIZATION, authorization);
        }
        return metadata;
    }
}
