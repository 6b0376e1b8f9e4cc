package io.tern.detection;

import io.tern.base.Cancellation;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.family.CandidateFilter;
import io.tern.detection.family.DetectorFamily;
import io.tern.detection.family.PreparedPicture;
import io.tern.detection.image.Placement;
import io.tern.detection.network.Network;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Finds objects in a picture: a network and the family that knows what it means. A picture is always run alone, so its
 * result does not depend on its company. Safe for several threads.
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

    /** @throws io.tern.base.TernException CANCELLED or DEADLINE_EXCEEDED */
    public PictureResult detect(RgbImage picture, DetectionOptions options, Cancellation cancellation) {
        try (Arena call = Arena.ofConfined()) {
            long begun = System.nanoTime();
            PreparedPicture prepared = family.prepare(picture, call);
            long ready = System.nanoTime();
            var outputs = network.run(prepared.inputs(), family.outputs(), call, cancellation);
            long inferred = System.nanoTime();
            List<Detection> detections = detections(outputs, prepared.placement(), options);
            StageTimes times = new StageTimes(
                    Duration.ofNanos(ready - begun),
                    Duration.ofNanos(inferred - ready),
                    Duration.ofNanos(System.nanoTime() - inferred));
            return new PictureResult(detections, times);
        }
    }

    private List<Detection> detections(
            Map<String, FloatTensor> outputs, Placement placement, DetectionOptions options) {
        List<ScoredBox> candidates = family.decode(
                outputs, placement, new CandidateFilter(options.threshold(), options.classes(), MOST_CANDIDATES));
        boolean bounded = options.maxPerClass() < options.maxDetections();
        int most = bounded ? DetectionOptions.MOST_DETECTIONS : options.maxDetections();
        return options.suppression().apply(candidates, most).stream()
                .filter(new PerClass(options.maxPerClass()))
                .limit(options.maxDetections())
                .map(kept -> new Detection(
                        kept.classId(), family.label(kept.classId()), kept.score(), placement.toPicture(kept.box())))
                .toList();
    }

    @Override
    public void close() {
        network.close();
    }

    /** Lets through the first ones of each class. */
    private record PerClass(int most, Map<Integer, Integer> seen) implements Predicate<ScoredBox> {
        PerClass(int most) {
            this(most, new HashMap<>());
        }

        @Override
        public boolean test(ScoredBox box) {
            return seen.merge(box.classId(), 1, Integer::sum) <= most;
        }
    }

    /** Whether two runs on the same noise give the same bits on this machine; also warms the network up. */
    public boolean repeatsItself() {
        byte[] noise = new byte[3 * 160 * 120];
        new Random(1).nextBytes(noise);
        RgbImage picture = new RgbImage(160, 120, noise);
        DetectionOptions everything = new DetectionOptions(0, 1, ClassFilter.all(), 1000);
        return detect(picture, everything, Cancellation.none())
                .detections()
                .equals(detect(picture, everything, Cancellation.none()).detections());
    }
}
