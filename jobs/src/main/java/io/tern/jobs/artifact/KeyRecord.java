package io.tern.jobs.artifact;

import io.tern.jobs.JobId;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What an idempotency key stands for.
 *
 * @param requestHash SHA-256 in hexadecimal of what was asked for
 * @param createdAt to the millisecond
 */
public record KeyRecord(String jobId, String requestHash, Instant createdAt) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    public KeyRecord {
        JobId.require(jobId);
        if (!isHash(requestHash)) {
            throw new IllegalArgumentException("requestHash: " + requestHash + " (expected: 64 hexadecimal digits)");
        }
        createdAt = Instant.ofEpochMilli(createdAt.toEpochMilli());
    }

    static boolean isHash(String text) {
        return HASH.matcher(text).matches();
    }

    /** Three lines: id, hash, milliseconds since 1970. */
    String toText() {
        return jobId + "\n" + requestHash + "\n" + createdAt.toEpochMilli() + "\n";
    }

    static KeyRecord ofText(String text) {
        List<String> lines = text.lines().toList();
        return new KeyRecord(lines.get(0), lines.get(1), Instant.ofEpochMilli(Long.parseLong(lines.get(2))));
    }
}
