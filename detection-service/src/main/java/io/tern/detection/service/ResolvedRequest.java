package io.tern.detection.service;

import com.google.protobuf.ByteString;
import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.detection.DetectionDrawing;
import io.tern.detection.DetectionOptions;
import io.tern.detection.Detector;
import io.tern.detection.PictureResult;
import io.tern.detection.StageTimes;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.service.DetectionProtos.PictureFile;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.PictureDetections;
import io.tern.imaging.ImageDecoder;
import io.tern.imaging.PngEncoder;
import io.tern.imaging.RgbImage;
import io.tern.serving.Lease;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * A request whose fields are all right. Its pictures are worked on one after another, each wholly on a worker: decoding
 * keeps a processor busy as inference does, and so no more pictures are in memory than there are workers. Holds the model
 * until it is closed.
 */
record ResolvedRequest(Lease<Detector> lease, DetectionOptions options, List<PictureFile> files, boolean annotate)
        implements AutoCloseable {
    /** An answer must fit into a message. */
    private static final int MOST_DRAWN_BYTES = 24 << 20;

    /**
     * @param arrived {@link System#nanoTime} of the request's arrival; it has waited since
     * @param progress told the part that is done, 0..1, after each picture
     */
    DetectResponse run(OnnxNetworks networks, long arrived, DoubleConsumer progress, Cancellation cancellation) {
        DetectResponse.Builder response = DetectResponse.newBuilder().setModel(lease.id());
        StageTimes stages = StageTimes.NONE;
        Duration queue = since(arrived);
        long drawnBytes = 0;
        for (PictureFile file : files) {
            long asked = System.nanoTime();
            Answer answer = networks.onWorker(() -> work(file, since(asked), cancellation), cancellation);
            response.addResults(answer.detections());
            stages = stages.plus(answer.stages());
            queue = queue.plus(answer.queue());
            drawnBytes += answer.detections().getAnnotated().size();
            requireFit(drawnBytes);
            progress.accept((double) response.getResultsCount() / files.size());
        }
        return response.setTimings(DetectionProtos.timings(stages, queue, since(arrived)))
                .build();
    }

    private record Answer(PictureDetections detections, StageTimes stages, Duration queue) {}

    private Answer work(PictureFile file, Duration queue, Cancellation cancellation) {
        long begun = System.nanoTime();
        RgbImage picture = ImageDecoder.decode(file.field(), file.bytes().toByteArray());
        Duration decoding = since(begun);
        PictureResult result = lease.model().detect(picture, options, cancellation);
        PictureDetections.Builder detections =
                DetectionProtos.picture(picture.width(), picture.height(), result.detections());
        long found = System.nanoTime();
        if (annotate) {
            RgbImage drawn = DetectionDrawing.draw(picture, result.detections());
            detections.setAnnotated(ByteString.copyFrom(PngEncoder.encode(drawn)));
        }
        StageTimes stages = result.times().plus(new StageTimes(decoding, Duration.ZERO, since(found)));
        return new Answer(detections.build(), stages, queue);
    }

    @Override
    public void close() {
        lease.close();
    }

    private static void requireFit(long drawnBytes) {
        if (drawnBytes > MOST_DRAWN_BYTES) {
            throw new TernException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "annotate: more than " + MOST_DRAWN_BYTES
                            + " bytes of drawings (expected: fewer or smaller pictures)",
                    "annotate",
                    null);
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
