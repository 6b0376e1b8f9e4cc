package io.tern.jobs.kafka;

import java.io.InputStream;

/**
 * Result of a job that succeeded.
 *
 * @param sha256 lower-case hexadecimal
 * @param bytes whoever got it closes it
 */
public record StoredResult(String contentType, long sizeBytes, String sha256, InputStream bytes) {}
