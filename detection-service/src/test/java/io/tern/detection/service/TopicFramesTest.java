package io.tern.detection.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.detection.Detector;
import io.tern.detection.Golden;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectStreamResponse;
import io.tern.detection.v1.PictureDetections;
import io.tern.embedding.service.ImageModels;
import io.tern.model.v1.Model;
import io.tern.serving.LoadedModel;
import io.tern.serving.LoadedModels;
import io.tern.serving.ServedModels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TopicFramesTest {
    @TempDir
    Path cache;

    @Test
    void eachKeyIsAFilmAndWhatIsNoFrameSaysSo() throws Exception {
        try (Frames frames = frames(DetectRequest.newBuilder().setThreshold(0.3f))) {
            assertThat(frames.answer("a", Golden.file("chelsea")).getFrame()).isZero();
            DetectStreamResponse second = frames.answer("a", Golden.file("chelsea"));
            assertThat(second.getFrame()).isEqualTo(1);
            assertThat(second.getResult().getDetections(0).getTrackId()).isEqualTo(1);
            assertThat(frames.answer("b", Golden.file("flower")).getResult().getWidth())
                    .as("another film may have another size")
                    .isEqualTo(640);
            PictureDetections other = frames.answer("a", Golden.file("flower")).getResult();
            assertThat(other.getError()).contains("640 x 427 pixels (expected: 451 x 300");
            assertThat(other.getErrorCode()).isEqualTo("invalid_argument");
            assertThat(frames.answer(null, new byte[0]).getResult().getError()).contains("image: ");
        }
    }

    /** As text these two, which count cameras in 64 bits, would be the same. */
    @Test
    void keysAreBytes() throws Exception {
        try (Frames frames = frames(DetectRequest.newBuilder())) {
            byte[] camera128 = ByteBuffer.allocate(8).putLong(128).array();
            byte[] camera129 = ByteBuffer.allocate(8).putLong(129).array();
            frames.answer(camera128, Golden.file("chelsea"), Integer.MAX_VALUE);
            DetectStreamResponse other = frames.answer(camera129, Golden.file("flower"), Integer.MAX_VALUE);
            assertThat(other.getFrame()).isZero();
            assertThat(other.getResult().getError()).isEmpty();
            assertThat(frames.answer(camera128, Golden.file("chelsea"), Integer.MAX_VALUE)
                            .getFrame())
                    .isEqualTo(1);
            assertThat(frames.answer("", Golden.file("chelsea")).getFrame()).isZero();
            assertThat(frames.answer(null, Golden.file("chelsea")).getFrame())
                    .as("an empty key is one")
                    .isZero();
        }
    }

    @Test
    void aResultThatNoRecordHoldsSaysSoAndTheFilmGoesOn() throws Exception {
        try (Frames frames = frames(DetectRequest.newBuilder().setAnnotate(true))) {
            byte[] key = {1};
            int bytes = frames.answer(key, Golden.file("chelsea"), Integer.MAX_VALUE)
                    .getSerializedSize();
            DetectStreamResponse refused = frames.answer(key, Golden.file("chelsea"), bytes - 1000);
            assertThat(refused.getFrame()).isEqualTo(1);
            assertThat(refused.getSerializedSize()).isLessThan(500);
            assertThat(refused.getResult().getErrorCode()).isEqualTo("payload_too_large");
            assertThat(refused.getResult().getError())
                    .startsWith("frames.out: a result of ")
                    .contains("(expected: at most " + (bytes - 1000));
            DetectStreamResponse next = frames.answer(key, Golden.file("chelsea"), bytes + 1000);
            assertThat(next.getFrame()).isEqualTo(2);
            assertThat(next.getResult().getDetections(0).getTrackId()).isEqualTo(1);
        }
    }

    private record Frames(
            OnnxNetworks networks, LoadedModels<Detector> loaded, ResolvedStream resolved, TopicFrames frames)
            implements AutoCloseable {
        DetectStreamResponse answer(@Nullable String key, byte[] value) throws Exception {
            return answer(key == null ? null : key.getBytes(StandardCharsets.UTF_8), value, Integer.MAX_VALUE);
        }

        DetectStreamResponse answer(byte @Nullable [] key, byte[] value, int mostBytes) throws Exception {
            return DetectStreamResponse.parseFrom(frames.apply(key, value, mostBytes));
        }

        @Override
        public void close() {
            resolved.close();
            loaded.close();
            networks.close();
        }
    }

    private Frames frames(DetectRequest.Builder settings) {
        OnnxNetworks networks = new OnnxNetworks(2, 1, 4, "cpu", cache);
        LoadedModels<Detector> loaded = loaded(networks);
        ResolvedStream resolved = new DetectionModels(loaded, new ImageModels(new ServedModels(), Map.of()))
                .resolveStream(settings.build());
        return new Frames(
                networks, loaded, resolved, new TopicFrames(networks, resolved, Priority.BATCH, Cancellation.none()));
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
