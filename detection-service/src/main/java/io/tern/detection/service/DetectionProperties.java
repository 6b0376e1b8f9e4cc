package io.tern.detection.service;

import static io.tern.serving.ServingProperties.require;

import io.tern.detection.network.BatchLimits;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the detection service, prefix {@code tern.detection}.
 *
 * @param workers requests, and so pictures, that are worked on at once: 1..256; 0: half of the threads, at least 2
 * @param waiting requests that wait for one of those to end; further ones are refused: 0..100000
 * @param streams calls of many pictures, films among them, that are open at once; further ones are refused: 1..100000
 * @param longestWait no more requests are let in to wait than can have their turn within this time, by what they take at
 *     present: 0.01..600 s
 * @param batch pictures that one run of a network takes, 1..64; more pay on a GPU only, and take as many workers
 * @param batchDelay how long a picture waits for others to share its run, 0..1 s
 * @param concurrency runs of one model at a time, 1..256; 0: as many as there are workers
 * @param pictures folder whose pictures jobs may read; empty: none
 * @param jobSlots jobs of each priority that are taken at once, to be worked on as requests leave them room: 1..100; 0: twice
 *     as many as workers, since a job has more to do than its pictures
 */
@ConfigurationProperties("tern.detection")
public record DetectionProperties(
        @DefaultValue("0") int workers,
        @DefaultValue("32") int waiting,
        @DefaultValue("32") int streams,
        @DefaultValue("10s") Duration longestWait,
        @DefaultValue("1") int batch,
        @DefaultValue("2ms") Duration batchDelay,
        @DefaultValue("0") int concurrency,
        @DefaultValue("") String pictures,
        @DefaultValue("0") int jobSlots) {
    public DetectionProperties {
        require(0 <= workers && workers <= 256, "tern.detection.workers", workers, "0..256");
        require(0 <= waiting && waiting <= 100_000, "tern.detection.waiting", waiting, "0..100000");
        require(1 <= streams && streams <= 100_000, "tern.detection.streams", streams, "1..100000");
        require(
                longestWait.toMillis() >= 10 && longestWait.toSeconds() <= 600,
                "tern.detection.longest-wait",
                longestWait,
                "10ms..600s");
        require(1 <= batch && batch <= 64, "tern.detection.batch", batch, "1..64");
        require(
                !batchDelay.isNegative() && batchDelay.toMillis() <= 1000,
                "tern.detection.batch-delay",
                batchDelay,
                "0..1s");
        require(0 <= concurrency && concurrency <= 256, "tern.detection.concurrency", concurrency, "0..256");
        require(0 <= jobSlots && jobSlots <= 100, "tern.detection.job-slots", jobSlots, "0..100");
    }

    PictureFolder pictureFolder() {
        return new PictureFolder(pictures.isEmpty() ? null : Path.of(pictures));
    }

    /** Two at least: one decodes its picture while another has the network; and enough to fill a batch. */
    int workers(int threads) {
        return workers == 0 ? Math.max(Math.max(2, batch), threads / 2) : workers;
    }

    int jobSlots(int threads) {
        return jobSlots == 0 ? Math.min(2 * workers(threads), 100) : jobSlots;
    }

    BatchLimits batchLimits(int threads) {
        return new BatchLimits(batch, batchDelay, concurrency == 0 ? workers(threads) : concurrency);
    }
}
