package io.tern.jobs.artifact;

import java.time.Instant;

/**
 * The calls of a job's webhook.
 *
 * @param attempts that were begun
 * @param lastAt when the last one was; the epoch if there was none
 * @param settled whether there will be no more
 */
public record WebhookCalls(int attempts, Instant lastAt, boolean settled) {}
