package io.tern.gateway.batches;

import io.tern.gateway.upstream.JsonCall;

/**
 * A route whose requests may be lines.
 *
 * @param path as {@code /v1/embeddings}
 * @param service who answers, by its name in the health of services
 * @param linesAtOnce that the service is asked at the same time by all batches together, the same for all of its routes
 * @param maxLineBytes of a request with all around it
 */
public record BatchEndpoint(String path, String service, int linesAtOnce, int maxLineBytes, JsonCall call) {
    public BatchEndpoint {
        if (linesAtOnce < 1) {
            throw new IllegalArgumentException("linesAtOnce: " + linesAtOnce + " (expected: at least 1)");
        }
    }
}
