package io.tern.detection.service;

import static io.tern.serving.ServingProperties.require;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the detection service, prefix {@code tern.detection}.
 *
 * @param workers requests, and so pictures, that are worked on at once: 1..256; 0: half of the threads, at least 2
 * @param waiting requests that wait for one of those to end; further ones are refused: 0..100000
 * @param jobSlots jobs that are worked on at once beside the requests: 1..100
 */
@ConfigurationProperties("tern.detection")
public record DetectionProperties(
        @DefaultValue("0") int workers,
        @DefaultValue("32") int waiting,
        @DefaultValue("1") int jobSlots) {
    public DetectionProperties {
        require(0 <= workers && workers <= 256, "tern.detection.workers", workers, "0..256");
        require(0 <= waiting && waiting <= 100_000, "tern.detection.waiting", waiting, "0..100000");
        require(1 <= jobSlots && jobSlots <= 100, "tern.detection.job-slots", jobSlots, "1..100");
    }

    /** Two at least: one decodes its picture while another has the network. */
    int workers(int threads) {
        return workers == 0 ? Math.max(2, threads / 2) : workers;
    }
}
