package io.tern.detection.service;

import io.tern.base.TernException;
import io.tern.detection.family.DetectorFamily;
import io.tern.detection.network.BatchLimits;
import io.tern.detection.network.BatchingNetwork;
import io.tern.detection.network.Network;
import io.tern.detection.network.OnnxNetworks;
import io.tern.imaging.RgbImage;
import java.lang.foreign.Arena;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which networks are run for several requests at once: those that give each the bits that it would have alone. */
record Batching(OnnxNetworks networks, BatchLimits limits, int workers) {
    private static final Logger log = LoggerFactory.getLogger(Batching.class);

    /** Call it on a worker. */
    Network of(Network network, DetectorFamily family) {
        if (limits.most() == 1) {
            return limits.concurrency() >= workers ? network : new BatchingNetwork(network, limits);
        }
        if (keepsRowsApart(network, family)) {
            return new BatchingNetwork(network, limits);
        }
        log.info("a {} is run for one picture at a time: its rows depend on each other", family.name());
        return network;
    }

    private static boolean keepsRowsApart(Network network, DetectorFamily family) {
        try (Arena arena = Arena.ofConfined()) {
            return BatchingNetwork.keepsRowsApart(
                    network,
                    family.prepare(noise(1), arena).inputs(),
                    family.prepare(noise(2), arena).inputs(),
                    family.outputs());
        } catch (TernException fixedBatch) {
            return false; // it takes no second row
        }
    }

    private static RgbImage noise(int seed) {
        byte[] rgb = new byte[3 * 160 * 120];
        new Random(seed).nextBytes(rgb);
        return new RgbImage(160, 120, rgb);
    }
}
