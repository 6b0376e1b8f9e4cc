package io.tern.jobs.kafka;

/** Points between which a worker can die; each is tested by dying there. */
enum JobStep {
    /** The record is ours, nothing was done. */
    TAKEN,
    /** The attempt is in the log. */
    CLAIMED,
    /** The world knows that it runs. */
    BEGUN,
    /** The handler has returned. */
    HANDLED,
    /** The result is stored; nobody can see it. */
    STORED,
    /** The end is in the log: the job has ended, and nobody was told. */
    ENDED,
    /** The end was told; Kafka still holds the record for us. */
    TOLD,
    /** Kafka knows that the record is done. */
    SETTLED
}
