package io.tern.embedding;

import io.tern.base.Cancellation;
import io.tern.detection.image.NoisePicture;
import io.tern.detection.network.Network;
import io.tern.detection.network.RawGraph;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes a vector of a picture, of length 1. Pictures share a run only where the network gives each row the bits that it has
 * alone, so a vector does not depend on its company. Safe for several threads.
 */
public final class ImageEncoder implements AutoCloseable {
    private final Network network;
    private final PictureContract contract;

    public ImageEncoder(Network network, PictureContract contract) {
        this.network = network;
        this.contract = contract;
    }

    /** Values of a vector. */
    public int width() {
        return contract.width();
    }

    /** The network's own tensors. */
    public Optional<RawGraph> graph() {
        return network.graph();
    }

    /**
     * Call it on a platform thread.
     *
     * @return unit vectors in the pictures' order
     * @throws io.tern.base.TernException CANCELLED or DEADLINE_EXCEEDED
     */
    public List<float[]> encode(List<RgbImage> pictures, Cancellation cancellation) {
        return encodeEach(
                pictures.stream()
                        .<Supplier<RgbImage>>map(picture -> () -> picture)
                        .toList(),
                cancellation);
    }

    /** The same of pictures that are made one by one and not kept: parts of one may be as large as the whole. */
    public List<float[]> encodeEach(List<Supplier<RgbImage>> pictures, Cancellation cancellation) {
        List<float[]> vectors = new ArrayList<>(pictures.size());
        for (int from = 0; from < pictures.size(); from += network.mostTogether()) {
            cancellation.throwIfCancelled();
            int to = Math.min(pictures.size(), from + network.mostTogether());
            vectors.addAll(together(pictures.subList(from, to), cancellation));
        }
        return vectors;
    }

    private List<float[]> together(List<Supplier<RgbImage>> pictures, Cancellation cancellation) {
        List<String> outputs = List.of(contract.output());
        try (Arena call = Arena.ofConfined()) {
            List<Map<String, FloatTensor>> inputs = pictures.stream()
                    .map(picture -> contract.prepare(picture.get(), call, cancellation))
                    .toList();
            // A call of its own may share its run with those of other requests.
            var results = inputs.size() == 1
                    ? List.of(network.run(inputs.getFirst(), outputs, call, cancellation))
                    : network.runAll(inputs, outputs, call, cancellation);
            return results.stream().map(this::vector).toList();
        }
    }

    private float[] vector(Map<String, FloatTensor> outputs) {
        FloatTensor output = Objects.requireNonNull(outputs.get(contract.output()), contract.output());
        return UnitVectors.normalize(output.toArray());
    }

    /** Whether a picture has the same bits twice, alone and in company, on this machine; also warms the network up. */
    public boolean repeatsItself() {
        List<RgbImage> pictures = List.of(noise(1), noise(2), noise(3), noise(1));
        List<float[]> together = encode(pictures, Cancellation.none());
        for (int i = 0; i < pictures.size(); i++) {
            float[] alone =
                    encode(List.of(pictures.get(i)), Cancellation.none()).getFirst();
            if (!Arrays.equals(alone, together.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static RgbImage noise(int seed) {
        return NoisePicture.of(50, 40, seed);
    }

    @Override
    public void close() {
        network.close();
    }
}
