package io.tern.wire;

import io.tern.decoding.v1.GenerateRequest;

/**
 * A chat or completion request: what the decoding service is to do, and how the answer is to be shown.
 *
 * @param includeUsage a stream ends with a chunk that holds the usage
 * @param returnTokenIds show ids of the prompt and the answer; the service is then asked to echo the prompt
 * @param echoText the answer's text begins with the prompt
 */
public record TextRequest(
        GenerateRequest generate, boolean stream, boolean includeUsage, boolean returnTokenIds, boolean echoText) {}
