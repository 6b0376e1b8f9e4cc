package io.tern.detection;

import io.tern.base.Cancellation;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.family.CandidateFilter;
import io.tern.detection.family.DetectorFamily;
import io.tern.detection.family.PreparedPicture;
import io.tern.detection.image.NoisePicture;
import io.tern.detection.image.Placement;
import io.tern.detection.network.Network;
import io.tern.detection.network.RawGraph;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds objects in a picture: a network and the family that knows what it means. Pictures share a run only where the
 * network gives each row the bits that it has alone, so a result does not depend on its company. Safe for several threads.
 */
public final class Detector implements AutoCloseable {
    /** At a score of 0.05 a busy street has 1600; a threshold of 0 would bring hundreds of thousands. */
    private static final int MOST_CANDIDATES = 3000;

    private final Network network;
    private final DetectorFamily family;

    public Detector(Network network, DetectorFamily family) {
        this.network = network;
        this.family = family;
    }

    public DetectorFamily family() {
        return family;
    }

    /** The network's own tensors, for who prepares pictures and reads boxes himself. */
    public Optional<RawGraph> graph() {
        return network.graph();
    }

    /** @throws io.tern.base.TernException CANCELLED or DEADLINE_EXCEEDED */
    public PictureResult detect(RgbImage picture, DetectionOptions options, Cancellation cancellation) {
        return detect(List.of(picture), options, cancellation).getFirst();
    }

    /**
     * The same in several pictures, so many of which are run at once as the network's rows bear. The time of a run is
     * told by its first picture.
     */
    public List<PictureResult> detect(List<RgbImage> pictures, DetectionOptions options, Cancellation cancellation) {
        List<PictureResult> results = new ArrayList<>();
        for (int from = 0; from < pictures.size(); from += network.mostTogether()) {
            int to = Math.min(pictures.size(), from + network.mostTogether());
            results.addAll(together(pictures.subList(from, to), options, cancellation));
        }
        return results;
    }

    private List<PictureResult> together(List<RgbImage> pictures, DetectionOptions options, Cancellation cancellation) {
        try (Arena call = Arena.ofConfined()) {
            long begun = System.nanoTime();
            List<PreparedPicture> prepared = pictures.stream()
                    .map(picture -> family.prepare(picture, call, cancellation))
                    .toList();
            long ready = System.nanoTime();
            List<Map<String, FloatTensor>> inputs =
                    prepared.stream().map(PreparedPicture::inputs).toList();
            // A call of its own may share its run with those of other requests.
            var outputs = inputs.size() == 1
                    ? List.of(network.run(inputs.getFirst(), family.outputs(), call, cancellation))
                    : network.runAll(inputs, family.outputs(), call, cancellation);
            Duration preparing = Duration.ofNanos(ready - begun);
            Duration running = Duration.ofNanos(System.nanoTime() - ready);
            List<PictureResult> results = new ArrayList<>();
            for (int i = 0; i < prepared.size(); i++) {
                long from = System.nanoTime();
                List<Detection> detections =
                        detections(outputs.get(i), prepared.get(i).placement(), options);
                Duration decoding = Duration.ofNanos(System.nanoTime() - from);
                results.add(new PictureResult(
                        detections,
                        i == 0
                                ? new StageTimes(preparing, running, decoding)
                                : new StageTimes(Duration.ZERO, Duration.ZERO, decoding)));
            }
            return results;
        }
    }

    private List<Detection> detections(
            Map<String, FloatTensor> outputs, Placement placement, DetectionOptions options) {
        CandidateFilter wanted = new CandidateFilter(options.threshold(), options.classes(), MOST_CANDIDATES);
        // What lies in the padding is nowhere in the picture, and suppresses nothing that is.
        List<ScoredBox> candidates = family.decode(outputs, placement, wanted).stream()
                .filter(found -> placement.toPicture(found.box()).isVisible())
                .toList();
        return options.suppression().apply(candidates, options.maxDetections()).stream()
                .map(kept -> new Detection(
                        kept.classId(), family.label(kept.classId()), kept.score(), placement.toPicture(kept.box())))
                .toList();
    }

    @Override
    public void close() {
        network.close();
    }

    /** Whether two runs on the same noise give the same bits on this machine; also warms the network up. */
    public boolean repeatsItself() {
        RgbImage picture = NoisePicture.of(160, 120, 1);
        DetectionOptions everything = new DetectionOptions(0, 1, ClassFilter.all(), 1000);
        return detect(picture, everything, Cancellation.none())
                .detections()
                .equals(detect(picture, everything, Cancellation.none()).detections());
    }
}
