package io.tern.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.detection.FaultyFamily.Fault;
import io.tern.detection.family.DetectorFamilies;
import io.tern.detection.network.Network;
import io.tern.detection.network.OnnxNetworks;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The real model on the golden pictures, against boxes that ONNX Runtime in Python found with the same arithmetic. */
class GoldenBoxesTest {
    private static final DetectionOptions OPTIONS =
            new DetectionOptions(Gate.THRESHOLD - 0.003f, 0.6, ClassFilter.all(), 100);

    private static OnnxNetworks networks;
    private static Network network;
    private static Detector detector;

    @BeforeAll
    static void load() {
        networks = new OnnxNetworks(2, 2, 100, "cpu", Path.of(System.getProperty("java.io.tmpdir"), "tern-native"));
        detector = networks.load(Golden.MODEL, (loaded, signature) -> {
            network = loaded;
            return new Detector(loaded, DetectorFamilies.recognise(loaded, signature));
        });
    }

    @AfterAll
    static void close() {
        detector.close();
        networks.close();
    }

    @ParameterizedTest
    @FieldSource("io.tern.detection.Golden#PICTURES")
    void findsTheReferenceBoxesAndNothingElse(String picture) {
        assertThat(Gate.firstFault(Golden.references(picture), detect(detector, picture, OPTIONS)))
                .isEmpty();
    }

    /** Below the serving threshold too, where a hundred weak boxes test suppression and order. */
    @ParameterizedTest
    @FieldSource("io.tern.detection.Golden#PICTURES")
    void findsTheReferenceBoxesDownToTheWeakest(String picture) {
        List<Detection> found = detect(detector, picture, new DetectionOptions(0.05f, 0.6, ClassFilter.all(), 100));
        List<Golden.Reference> references = Golden.references(picture);
        assertThat(found).hasSameSizeAs(references);
        for (int i = 0; i < references.size(); i++) {
            assertThat(found.get(i).className()).isEqualTo(references.get(i).className());
            assertThat((double) found.get(i).score())
                    .isCloseTo(references.get(i).score(), within(2e-5));
            assertThat(found.get(i).box().iou(references.get(i).xyxy())).isGreaterThan(0.999);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theGateStopsEachKnownFault(Fault fault) {
        Detector faulty = new Detector(network, new FaultyFamily(detector.family(), fault));
        Optional<String> seen = Golden.PICTURES.stream()
                .map(picture -> Gate.firstFault(Golden.references(picture), detect(faulty, picture, OPTIONS)))
                .flatMap(Optional::stream)
                .findFirst();
        if (fault == Fault.NONE) {
            assertThat(seen).isEmpty();
        } else {
            assertThat(seen).isPresent();
        }
    }

    @Test
    void givesTheSameBitsAloneAndInCompany() throws Exception {
        DetectionOptions everything = new DetectionOptions(0.01f, 0.6, ClassFilter.all(), 1000);
        List<List<Detection>> alone = Golden.PICTURES.stream()
                .map(picture -> detect(detector, picture, everything))
                .toList();
        CountDownLatch start = new CountDownLatch(1);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Detection>>> together = IntStream.range(0, 12)
                    .mapToObj(i -> callers.submit((Callable<List<Detection>>) () -> {
                        start.await();
                        return detect(detector, Golden.PICTURES.get(i % 4), everything);
                    }))
                    .toList();
            start.countDown();
            for (int i = 0; i < together.size(); i++) {
                assertThat(together.get(i).get()).isEqualTo(alone.get(i % 4));
            }
        }
        assertThat(detector.repeatsItself()).isTrue();
    }

    @Test
    void tellsOnlyTheClassesThatAreWanted() {
        ClassFilter dogs = ClassFilter.of(List.of("dog"), detector.family().labels());
        List<Detection> found = detect(detector, "chelsea", new DetectionOptions(0.3f, 0.6, dogs, 100));
        assertThat(found).extracting(Detection::className).containsExactly("dog");
    }

    @Test
    void endsWhenItIsCancelled() {
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();
        assertThatThrownBy(() -> networks.onWorker(
                        () -> detector.detect(Golden.picture("flower"), OPTIONS, cancelled), Cancellation.none()))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    }

    @Test
    void refusesAFileThatIsNoModel() {
        assertThatThrownBy(() ->
                        networks.load(Golden.folder().resolve("pictures/chelsea.png"), DetectorFamilies::recognise))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    private static List<Detection> detect(Detector detector, String picture, DetectionOptions options) {
        return networks.onWorker(
                () -> detector.detect(Golden.picture(picture), options, Cancellation.none())
                        .detections(),
                Cancellation.none());
    }
}
