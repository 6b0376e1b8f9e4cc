package io.tern.gateway.files;

/**
 * What may be kept.
 *
 * @param maxBytes of one upload, at least 1
 * @param quotaBytes of all files of one caller together; what batches write is never cut, but counts
 */
public record FileLimits(long maxBytes, long quotaBytes) {
    public FileLimits {
        if (maxBytes < 1 || quotaBytes < 1) {
            throw new IllegalArgumentException(
                    "maxBytes, quotaBytes: " + maxBytes + ", " + quotaBytes + " (expected: 1 or more)");
        }
    }
}
