package io.tern.generation.service;

import static io.tern.serving.ServingProperties.require;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the generation service, prefix {@code tern.generation}.
 *
 * @param running requests that are drawn at once, taking turns step by step: 1..1000
 * @param waiting requests that wait for one of those to end; further ones are refused: 0..100000
 * @param jobSlots jobs that are drawn at once beside the requests: 1..100
 */
@ConfigurationProperties("tern.generation")
public record GenerationProperties(
        @DefaultValue("4") int running,
        @DefaultValue("16") int waiting,
        @DefaultValue("1") int jobSlots) {
    public GenerationProperties {
        require(1 <= running && running <= 1000, "tern.generation.running", running, "1..1000");
        require(0 <= waiting && waiting <= 100_000, "tern.generation.waiting", waiting, "0..100000");
        require(1 <= jobSlots && jobSlots <= 100, "tern.generation.job-slots", jobSlots, "1..100");
    }
}
