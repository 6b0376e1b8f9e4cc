package io.tern.detection.service;

import static io.tern.detection.service.PictureWork.since;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.detection.Detector;
import io.tern.detection.StageTimes;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.service.DetectionProtos.PictureFile;
import io.tern.detection.v1.DetectResponse;
import io.tern.serving.Lease;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * A request whose fields are all right. Its pictures are worked on one after another, each wholly on a worker: decoding
 * keeps a processor busy as inference does, and so no more pictures are in memory than there are workers. Holds the model
 * until it is closed.
 */
record ResolvedRequest(Lease<Detector> lease, PictureWork work, List<PictureFile> files) implements AutoCloseable {
    /** An answer must fit into a message. */
    private static final int MOST_ANSWER_BYTES = 24 << 20;

    /**
     * @param arrived {@link System#nanoTime} of the request's arrival; it has waited since
     * @param progress told the part that is done, 0..1, after each picture
     */
    DetectResponse run(
            OnnxNetworks networks,
            Priority priority,
            long arrived,
            DoubleConsumer progress,
            Cancellation cancellation) {
        DetectResponse.Builder response = DetectResponse.newBuilder().setModel(lease.id());
        StageTimes stages = StageTimes.NONE;
        Duration queue = since(arrived);
        long drawnBytes = 0;
        for (PictureFile file : files) {
            TimedAnswer timed = run(networks, priority, file, cancellation);
            response.addResults(timed.answer().detections());
            stages = stages.plus(timed.answer().stages());
            queue = queue.plus(timed.queue());
            drawnBytes += timed.answer().drawnBytes();
            requireFit(drawnBytes);
            progress.accept((double) response.getResultsCount() / files.size());
        }
        return response.setTimings(DetectionProtos.timings(stages, queue, since(arrived)))
                .build();
    }

    /** The same for another picture; closing this one closes that. */
    ResolvedRequest of(PictureFile file) {
        return new ResolvedRequest(lease, work, List.of(file));
    }

    private record TimedAnswer(PictureWork.Answer answer, Duration queue) {}

    private TimedAnswer run(OnnxNetworks networks, Priority priority, PictureFile file, Cancellation cancellation) {
        long asked = System.nanoTime();
        return networks.onWorker(
                () -> {
                    Duration queue = since(asked);
                    return new TimedAnswer(work.run(file, PictureWork.Film.STILLS, cancellation), queue);
                },
                priority,
                cancellation);
    }

    @Override
    public void close() {
        lease.close();
    }

    /** @throws TernException PAYLOAD_TOO_LARGE */
    static void requireFit(long bytes) {
        if (bytes > MOST_ANSWER_BYTES) {
            throw new TernException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "annotate, crops: more than " + MOST_ANSWER_BYTES
                            + " bytes in the answer (expected: fewer or smaller pictures)",
                    "annotate",
                    null);
        }
    }
}
