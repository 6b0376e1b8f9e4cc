package io.tern.embedding.service;

import io.grpc.stub.StreamObserver;
import io.tern.base.Cancellation;
import io.tern.detection.network.OnnxNetworks;
import io.tern.embedding.SentenceEncoder;
import io.tern.embedding.v1.EmbedRequest;
import io.tern.embedding.v1.EmbedResponse;
import io.tern.embedding.v1.EmbeddingServiceGrpc.EmbeddingServiceImplBase;
import io.tern.serving.Admission;
import io.tern.serving.ServerCalls;
import java.util.List;

/** {@code tern.embedding.v1.EmbeddingService}. */
final class EmbeddingGrpcService extends EmbeddingServiceImplBase {
    private final SentenceModels models;
    private final OnnxNetworks networks;
    private final Admission admission;

    EmbeddingGrpcService(SentenceModels models, OnnxNetworks networks, Admission admission) {
        this.models = models;
        this.networks = networks;
        this.admission = admission;
    }

    @Override
    public void embed(EmbedRequest request, StreamObserver<EmbedResponse> observer) {
        ServerCalls.unary(observer, cancellation -> embed(request, cancellation));
    }

    private EmbedResponse embed(EmbedRequest request, Cancellation cancellation) {
        String id = models.resolve(request.getModel());
        SentenceEncoder encoder = models.named(id);
        int dimensions = EmbeddingProtos.dimensions(request, encoder.width());
        List<int[]> texts = EmbeddingProtos.texts(request, encoder);
        try (Admission.Permit _ = admission.enter(cancellation)) {
            List<float[]> vectors = networks.onWorker(() -> encoder.encode(texts, cancellation), cancellation);
            return EmbeddingProtos.response(id, texts, vectors, dimensions);
        }
    }
}
