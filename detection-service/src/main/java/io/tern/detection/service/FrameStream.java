package io.tern.detection.service;

import static io.tern.detection.service.PictureWork.since;

import io.tern.base.Cancellation;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.service.DetectionProtos.PictureFile;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectStreamResponse;
import io.tern.serving.Admission;
import io.tern.serving.BoundedReceiver;
import io.tern.serving.OpenStreams;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One film: its frames one after another. With its first frame it is let in or refused, like a request; the later ones wait
 * in line with all requests, and hold the client up meanwhile. One thread at a time.
 */
final class FrameStream {
    private final OnnxNetworks networks;
    private final Admission.Turns turns;
    private final DetectRequest settings;
    private final ResolvedStream resolved;
    private final Tracked film;

    private FrameStream(OnnxNetworks networks, Admission.Turns turns, DetectRequest first, ResolvedStream resolved) {
        this.networks = networks;
        this.turns = turns;
        this.settings = DetectionProtos.settings(first);
        this.resolved = resolved;
        this.film = new Tracked(resolved.tracking());
    }

    /** Answers until the client has sent its last frame. */
    static void run(
            DetectionModels models,
            OnnxNetworks networks,
            Admission admission,
            OpenStreams streams,
            BoundedReceiver<DetectRequest> receive,
            Consumer<DetectStreamResponse> send,
            Cancellation cancellation) {
        DetectRequest frame = receive.receive();
        if (frame == null) {
            return;
        }
        try (ResolvedStream resolved = models.resolveStream(frame);
                OpenStreams.Place _ = streams.enter()) {
            FrameStream stream = new FrameStream(networks, admission.turns(), frame, resolved);
            if (frame.getStream().getDropOldest()) {
                receive.keepNewest();
            }
            for (long answered = 0; frame != null; answered++) {
                long index = receive.index();
                send.accept(stream.answer(frame, cancellation)
                        .setFrame(index)
                        .setDropped(index - answered)
                        .build());
                frame = receive.receive();
            }
        }
    }

    private DetectStreamResponse.Builder answer(DetectRequest frame, Cancellation cancellation) {
        long arrived = System.nanoTime();
        DetectionProtos.requireSettings(frame, settings);
        PictureFile file = DetectionProtos.frame(frame);
        try (Admission.Permit _ = turns.next(cancellation)) {
            return networks.onWorker(() -> work(file, arrived, cancellation), cancellation);
        }
    }

    private DetectStreamResponse.Builder work(PictureFile file, long arrived, Cancellation cancellation) {
        Duration queue = since(arrived);
        PictureWork.Answer answer = resolved.work().run(file, film, cancellation);
        return DetectStreamResponse.newBuilder()
                .setModel(resolved.lease().id())
                .setResult(answer.detections())
                .setTimings(DetectionProtos.timings(answer.stages(), queue, since(arrived)));
    }
}
