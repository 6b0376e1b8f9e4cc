package io.tern.generation.service;

import static io.tern.serving.ServingProperties.require;

import io.tern.generation.Limits;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the generation service, prefix {@code tern.generation}.
 *
 * @param running requests that are drawn at once, taking turns step by step: 1..1000
 * @param waiting requests that wait for one of those to end; further ones are refused: 0..100000
 * @param jobSlots jobs of each priority that are taken at once, to be drawn as requests leave them room: 1..100
 * @param maxSteps of a picture: 1..1000
 * @param maxPixels of a picture: 1..4194304
 * @param maxPictures of a request: 1..10
 */
@ConfigurationProperties("tern.generation")
public record GenerationProperties(
        @DefaultValue("4") int running,
        @DefaultValue("16") int waiting,
        @DefaultValue("3") int jobSlots,
        @DefaultValue("1000") int maxSteps,
        @DefaultValue("4194304") int maxPixels,
        @DefaultValue("10") int maxPictures) {
    public GenerationProperties {
        require(1 <= running && running <= 1000, "tern.generation.running", running, "1..1000");
        require(0 <= waiting && waiting <= 100_000, "tern.generation.waiting", waiting, "0..100000");
        require(1 <= jobSlots && jobSlots <= 100, "tern.generation.job-slots", jobSlots, "1..100");
        require(1 <= maxSteps && maxSteps <= 1000, "tern.generation.max-steps", maxSteps, "1..1000");
        require(1 <= maxPixels && maxPixels <= 2048 * 2048, "tern.generation.max-pixels", maxPixels, "1..4194304");
        require(1 <= maxPictures && maxPictures <= 10, "tern.generation.max-pictures", maxPictures, "1..10");
    }

    Limits limits() {
        return new Limits(maxSteps, maxPixels, maxPictures);
    }
}
