package io.tern.detection.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.detection.Detector;
import io.tern.detection.Golden;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectStreamResponse;
import io.tern.embedding.service.ImageModels;
import io.tern.model.v1.Model;
import io.tern.serving.LoadedModel;
import io.tern.serving.LoadedModels;
import io.tern.serving.ServedModels;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TopicFramesTest {
    @TempDir
    Path cache;

    @Test
    void eachKeyIsAFilmAndWhatIsNoFrameSaysSo() throws Exception {
        try (OnnxNetworks networks = new OnnxNetworks(2, 1, 4, "cpu", cache);
                LoadedModels<Detector> loaded = loaded(networks);
                ResolvedStream resolved = new DetectionModels(loaded, new ImageModels(new ServedModels(), Map.of()))
                        .resolveStream(
                                DetectRequest.newBuilder().setThreshold(0.3f).build())) {
            TopicFrames frames = new TopicFrames(networks, resolved, Priority.BATCH, Cancellation.none());
            assertThat(answer(frames, "a", Golden.file("chelsea")).getFrame()).isZero();
            DetectStreamResponse second = answer(frames, "a", Golden.file("chelsea"));
            assertThat(second.getFrame()).isEqualTo(1);
            assertThat(second.getResult().getDetections(0).getTrackId()).isEqualTo(1);
            assertThat(answer(frames, "b", Golden.file("flower")).getResult().getWidth())
                    .as("another film may have another size")
                    .isEqualTo(640);
            assertThat(answer(frames, "a", Golden.file("flower")).getResult().getError())
                    .contains("640 x 427 pixels (expected: 451 x 300");
            assertThat(answer(frames, null, new byte[0]).getResult().getError()).contains("image: ");
        }
    }

    private static DetectStreamResponse answer(TopicFrames frames, String key, byte[] value) throws Exception {
        return DetectStreamResponse.parseFrom(frames.apply(key, value));
    }

    private static LoadedModels<Detector> loaded(OnnxNetworks networks) {
        LoadedModels<Detector> models = new LoadedModels<>(new ServedModels(), _ -> {
            throw new AssertionError("nothing is brought");
        });
        Detector detector = DetectorFile.open(Golden.MODEL, networks);
        models.add(new LoadedModel<>(
                Model.newBuilder().setId("nanodet-g").setDefault(true).build(), detector, detector::close));
        return models;
    }
}
