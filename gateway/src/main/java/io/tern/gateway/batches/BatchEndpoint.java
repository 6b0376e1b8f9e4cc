package io.tern.gateway.batches;

import io.tern.gateway.upstream.JsonCall;

/**
 * A route whose requests may be lines.
 *
 * @param path as {@code /v1/embeddings}
 * @param service who answers, by its name in the health of services
 * @param maxLineBytes of a request with all around it
 */
public record BatchEndpoint(String path, String service, int maxLineBytes, JsonCall call) {}
