package io.tern.detection.network;

import io.tern.base.TernException;
import io.tern.detection.image.NoisePicture;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which networks are run for several requests at once: those that give each the bits that it would have alone. */
public record Batching(OnnxNetworks networks, BatchLimits limits, int workers) {
    private static final Logger log = LoggerFactory.getLogger(Batching.class);

    /**
     * Call it on a worker.
     *
     * @param name of the network's kind, for the log
     * @param rowsArePictures whether the network's outputs have a row for each picture
     * @param prepare makes the network's inputs of a picture
     */
    public Network of(
            Network network,
            String name,
            boolean rowsArePictures,
            BiFunction<RgbImage, Arena, Map<String, FloatTensor>> prepare,
            List<String> outputs) {
        if (limits.most() > 1 && rowsArePictures && keepsRowsApart(network, prepare, outputs)) {
            return new BatchingNetwork(network, limits);
        }
        if (limits.most() > 1) {
            log.info("a {} is run for one picture at a time: its rows depend on each other", name);
        }
        return limits.concurrency() >= workers ? network : new BatchingNetwork(network, limits.alone());
    }

    private static boolean keepsRowsApart(
            Network network, BiFunction<RgbImage, Arena, Map<String, FloatTensor>> prepare, List<String> outputs) {
        try (Arena arena = Arena.ofConfined()) {
            return BatchingNetwork.keepsRowsApart(
                    network,
                    prepare.apply(NoisePicture.of(160, 120, 1), arena),
                    prepare.apply(NoisePicture.of(160, 120, 2), arena),
                    outputs);
        } catch (TernException fixedBatch) {
            return false; // it takes no second row
        }
    }
}
