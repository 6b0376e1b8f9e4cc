package io.tern.embedding.service;

import io.grpc.stub.StreamObserver;
import io.tern.base.Cancellation;
import io.tern.detection.network.OnnxNetworks;
import io.tern.embedding.SentenceEncoder;
import io.tern.embedding.contrastive.Pairs;
import io.tern.embedding.v1.EmbedRequest;
import io.tern.embedding.v1.EmbedResponse;
import io.tern.embedding.v1.EmbeddingServiceGrpc.EmbeddingServiceImplBase;
import io.tern.embedding.v1.EvaluateRequest;
import io.tern.embedding.v1.EvaluateResponse;
import io.tern.serving.Admission;
import io.tern.serving.ServerCalls;
import java.util.ArrayList;
import java.util.List;

/** {@code tern.embedding.v1.EmbeddingService}. What is wrong with a request is said before it waits for its turn. */
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

    @Override
    public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> observer) {
        ServerCalls.unary(observer, cancellation -> evaluate(request, cancellation));
    }

    private EmbedResponse embed(EmbedRequest request, Cancellation cancellation) {
        String id = models.resolve(request.getModel());
        SentenceEncoder encoder = models.named(id);
        int dimensions = EmbeddingProtos.dimensions(request, encoder.width());
        List<int[]> texts = EmbeddingProtos.texts(request, encoder);
        return EmbeddingProtos.response(id, texts, encode(encoder, texts, cancellation), dimensions);
    }

    private EvaluateResponse evaluate(EvaluateRequest request, Cancellation cancellation) {
        String id = models.resolve(request.getModel());
        SentenceEncoder encoder = models.named(id);
        Evaluation evaluation = Evaluation.of(request);
        List<int[]> texts = new ArrayList<>(EmbeddingProtos.tokens("left", request.getLeftList(), encoder));
        texts.addAll(EmbeddingProtos.tokens("right", request.getRightList(), encoder));
        List<float[]> vectors = encode(encoder, texts, cancellation);
        int count = evaluation.pairs();
        return evaluation.response(id, new Pairs(vectors.subList(0, count), vectors.subList(count, 2 * count)));
    }

    private List<float[]> encode(SentenceEncoder encoder, List<int[]> texts, Cancellation cancellation) {
        try (Admission.Permit _ = admission.enter(cancellation)) {
            return networks.onWorker(() -> encoder.encode(texts, cancellation), cancellation);
        }
    }
}
