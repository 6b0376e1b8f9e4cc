package io.tern.decoding.service;

import static io.tern.serving.ServingProperties.require;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the decoding service, prefix {@code tern.decoding}.
 *
 * @param precision how models are kept and computed: {@code int8}, {@code int4}, {@code fp32}, or {@code auto}: int4 where it keeps a file exactly, else int8
 * @param kvCache how keys and values are kept: {@code full}, as they are computed, or {@code int8}, a fourth of the memory
 * @param cacheMemory for keys and values of all texts together, nine of 2,048 tokens of the default model with what drafts
 *     for them unless told otherwise; a text that does not fit is refused: 1 MB or more
 * @param prefixMemory most of it that beginnings of texts may take, which later texts with the same beginning need not
 *     run; they give way to texts: 0 keeps none
 * @param running requests that are written at once, taking turns forward by forward: 1..1000
 * @param waiting requests that wait for one of those to end; further ones are refused: 0..100000
 * @param jobSlots jobs of each priority that are taken at once, to be written as requests leave them room: 1..100; 0: as many
 *     as requests are written at once
 */
@ConfigurationProperties("tern.decoding")
public record DecodingProperties(
        @DefaultValue("auto") String precision,
        @DefaultValue("full") String kvCache,
        @DefaultValue("900MB") DataSize cacheMemory,
        @DefaultValue("256MB") DataSize prefixMemory,
        @DefaultValue("8") int running,
        @DefaultValue("32") int waiting,
        @DefaultValue("0") int jobSlots) {
    public DecodingProperties {
        require(cacheMemory.toBytes() >= 1 << 20, "tern.decoding.cache-memory", cacheMemory, "1MB or more");
        require(prefixMemory.toBytes() >= 0, "tern.decoding.prefix-memory", prefixMemory, "0 or more");
        require(1 <= running && running <= 1000, "tern.decoding.running", running, "1..1000");
        require(0 <= waiting && waiting <= 100_000, "tern.decoding.waiting", waiting, "0..100000");
        require(0 <= jobSlots && jobSlots <= 100, "tern.decoding.job-slots", jobSlots, "0..100");
        if (jobSlots == 0) {
            jobSlots = Math.min(running, 100);
        }
    }
}
