package io.tern.detection.service;

import io.grpc.stub.StreamObserver;
import io.tern.base.Cancellation;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.DetectStreamResponse;
import io.tern.detection.v1.DetectionServiceGrpc.DetectionServiceImplBase;
import io.tern.serving.Admission;
import io.tern.serving.CallPriority;
import io.tern.serving.OpenStreams;
import io.tern.serving.ServerCalls;

/** {@code tern.detection.v1.DetectionService}. */
final class DetectionGrpcService extends DetectionServiceImplBase {
    private final DetectionModels models;
    private final OnnxNetworks networks;
    private final Admission admission;
    private final OpenStreams streams;

    DetectionGrpcService(DetectionModels models, OnnxNetworks networks, Admission admission, OpenStreams streams) {
        this.models = models;
        this.networks = networks;
        this.admission = admission;
        this.streams = streams;
    }

    @Override
    public void detect(DetectRequest request, StreamObserver<DetectResponse> observer) {
        ServerCalls.unary(observer, cancellation -> detect(request, cancellation));
    }

    @Override
    public StreamObserver<DetectRequest> detectStream(StreamObserver<DetectStreamResponse> observer) {
        return ServerCalls.bothWays(
                observer,
                (receive, send, cancellation) ->
                        FrameStream.run(models, networks, admission, streams, receive, send, cancellation));
    }

    @Override
    public StreamObserver<DetectRequest> detectAll(StreamObserver<DetectResponse> observer) {
        ManyPictures pictures = new ManyPictures(models, networks, admission, streams);
        return ServerCalls.bothWays(
                observer, (receive, send, cancellation) -> send.accept(pictures.answer(receive, cancellation)));
    }

    private DetectResponse detect(DetectRequest request, Cancellation cancellation) {
        long arrived = System.nanoTime();
        // First what is wrong with it: a bad request need not wait for its refusal.
        try (ResolvedRequest resolved = models.resolve(request);
                Admission.Permit _ = admission.enter(cancellation)) {
            return resolved.run(networks, CallPriority.current(), arrived, _ -> {}, cancellation);
        }
    }
}
