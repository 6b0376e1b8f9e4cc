package io.tern.jobs;

/**
 * Result of a job.
 *
 * @param contentType for instance {@code application/json} or {@code image/png}
 * @param bytes owned by the output from here on
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes on their way to a file: nobody compares or keeps them
public record JobOutput(String contentType, byte[] bytes) {
    public JobOutput {
        if (contentType.isBlank()) {
            throw new IllegalArgumentException("contentType: \"" + contentType + "\" (expected: a media type)");
        }
    }
}
