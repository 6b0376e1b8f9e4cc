package io.tern.decoding.service;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tern.decoding.model.BatchCounters;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.PrefixStore;

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
        PrefixStore prefixes = budget.prefixes();
        Gauge.builder("tern.decoding.prefix.cache.used", prefixes, PrefixStore::usedBytes)
                .baseUnit("bytes")
                .description("Memory for beginnings that texts may share")
                .register(registry);
        FunctionCounter.builder("tern.decoding.prefix.cache.queries", prefixes, PrefixStore::askedTokens)
                .description("Tokens of prompts that were looked for among beginnings")
                .register(registry);
        FunctionCounter.builder("tern.decoding.prefix.cache.hits", prefixes, PrefixStore::foundTokens)
                .description("Tokens of prompts that were there")
                .register(registry);
        FunctionCounter.builder("tern.decoding.prefix.cache.evictions", prefixes, PrefixStore::evictions)
                .description("Blocks of beginnings that gave way")
                .register(registry);
        FunctionCounter.builder("tern.decoding.engine.deaths", batches, BatchCounters::deaths)
                .description("Engines that an error ended")
                .register(registry);
        return this;
    }
}
