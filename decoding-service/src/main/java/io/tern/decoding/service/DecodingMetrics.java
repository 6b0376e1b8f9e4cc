package io.tern.decoding.service;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tern.decoding.model.BatchCounters;
import io.tern.decoding.model.KvBudget;

/** How full batches and the memory for keys and values are, for Prometheus. */
record DecodingMetrics(BatchCounters batches, KvBudget budget) {
    DecodingMetrics registeredWith(MeterRegistry registry) {
        FunctionCounter.builder("tern.decoding.runs", batches, BatchCounters::runs)
                .description("Runs of language models")
                .register(registry);
        FunctionCounter.builder("tern.decoding.run.sequences", batches, BatchCounters::sequences)
                .description("Sequences in those runs; by their number the mean batch size")
                .register(registry);
        FunctionCounter.builder("tern.decoding.run.tokens", batches, BatchCounters::tokens)
                .description("Tokens in those runs, of prompts, texts and drafts")
                .register(registry);
        Gauge.builder("tern.decoding.batch.size", batches, BatchCounters::lastSequences)
                .description("Sequences in the last run")
                .register(registry);
        Gauge.builder("tern.decoding.cache.used", budget, KvBudget::usedBytes)
                .baseUnit("bytes")
                .description("Memory for keys and values that texts have taken")
                .register(registry);
        Gauge.builder("tern.decoding.cache.limit", budget, KvBudget::limitBytes)
                .baseUnit("bytes")
                .description("Memory for keys and values of all texts together")
                .register(registry);
        return this;
    }
}
