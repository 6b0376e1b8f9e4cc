package io.tern.detection.service;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.Timings;
import io.tern.serving.Admission;
import io.tern.serving.BoundedReceiver;
import io.tern.serving.CallPriority;
import io.tern.serving.OpenStreams;

/**
 * Any number of pictures, one a message; one answer. With the first it is let in or refused, like a request; the later ones
 * wait in line with all requests, so that what was found before is not lost.
 */
record ManyPictures(DetectionModels models, OnnxNetworks networks, Admission admission, OpenStreams streams) {

    /** @throws TernException INVALID_ARGUMENT for the first picture that is wrong, PAYLOAD_TOO_LARGE for the answer */
    DetectResponse answer(BoundedReceiver<DetectRequest> receive, Cancellation cancellation) {
        DetectRequest picture = receive.receive();
        if (picture == null) {
            throw TernException.invalid("image", "no message", "one picture a message");
        }
        DetectRequest settings = DetectionProtos.settings(picture);
        DetectResponse.Builder all = DetectResponse.newBuilder();
        Timings timings = Timings.getDefaultInstance();
        long bytes = 0;
        try (ResolvedRequest first = models.resolve(picture);
                OpenStreams.Place _ = streams.enter()) {
            Admission.Turns turns = admission.turns();
            for (; picture != null; picture = receive.receive()) {
                long arrived = System.nanoTime();
                DetectionProtos.requireSettings(picture, settings);
                ResolvedRequest one = first.of(DetectionProtos.frame(picture));
                try (Admission.Permit _ = turns.next(cancellation)) {
                    DetectResponse answer = one.run(networks, CallPriority.current(), arrived, _ -> {}, cancellation);
                    bytes += answer.getSerializedSize();
                    ResolvedRequest.requireFit(bytes);
                    all.setModel(answer.getModel()).addAllResults(answer.getResultsList());
                    timings = sum(timings, answer.getTimings());
                }
            }
        }
        return all.setTimings(timings).build();
    }

    private static Timings sum(Timings a, Timings b) {
        return Timings.newBuilder()
                .setDecodeMs(a.getDecodeMs() + b.getDecodeMs())
                .setQueueMs(a.getQueueMs() + b.getQueueMs())
                .setInferenceMs(a.getInferenceMs() + b.getInferenceMs())
                .setPostprocessMs(a.getPostprocessMs() + b.getPostprocessMs())
                .setTotalMs(a.getTotalMs() + b.getTotalMs())
                .build();
    }
}
