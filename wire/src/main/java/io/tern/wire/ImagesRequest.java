package io.tern.wire;

import io.tern.generation.v1.GenerateRequest;

/** A picture request: what the generation service is to do, and whether the answer is a stream of events. */
public record ImagesRequest(GenerateRequest generate, boolean stream) {}
