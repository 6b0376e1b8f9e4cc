package io.tern.wire.images;

import io.tern.generation.v1.GenerateRequest;

/**
 * A picture request: what the generation service is to do, and how it is answered.
 *
 * @param stream as events on the way
 * @param asUrls links in place of the pictures themselves
 */
public record ImagesRequest(GenerateRequest generate, boolean stream, boolean asUrls) {}
