package io.tern.embedding.service;

import io.tern.base.Cancellation;
import io.tern.detection.network.OnnxNetworks;
import io.tern.embedding.SentenceEncoder;
import io.tern.embedding.contrastive.Pairs;
import io.tern.embedding.v1.EmbedRequest;
import io.tern.embedding.v1.EmbedResponse;
import io.tern.embedding.v1.EvaluateRequest;
import io.tern.embedding.v1.EvaluateResponse;
import io.tern.serving.Admission;
import io.tern.serving.CallPriority;
import java.util.ArrayList;
import java.util.List;

/** Answers what is asked of texts. What is wrong with a request is said before it waits for its turn. */
record TextRequests(SentenceModels models, OnnxNetworks networks, Admission admission) {
    EmbedResponse embed(EmbedRequest request, Cancellation cancellation) {
        String id = models.resolve(request.getModel());
        SentenceEncoder encoder = models.named(id);
        int dimensions = EmbeddingProtos.dimensions(request, encoder.width());
        List<int[]> texts = EmbeddingProtos.texts(request, encoder);
        return EmbeddingProtos.response(id, texts, encode(encoder, texts, cancellation), dimensions);
    }

    EvaluateResponse evaluate(EvaluateRequest request, Evaluation evaluation, Cancellation cancellation) {
        String id = models.resolve(request.getModel());
        SentenceEncoder encoder = models.named(id);
        List<int[]> texts = new ArrayList<>(EmbeddingProtos.tokens("left", request.getLeftList(), encoder));
        texts.addAll(EmbeddingProtos.tokens("right", request.getRightList(), encoder));
        List<float[]> vectors = encode(encoder, texts, cancellation);
        int count = evaluation.pairs();
        return evaluation.response(id, new Pairs(vectors.subList(0, count), vectors.subList(count, 2 * count)));
    }

    private List<float[]> encode(SentenceEncoder encoder, List<int[]> texts, Cancellation cancellation) {
        try (Admission.Permit _ = admission.enter(cancellation)) {
            return networks.onWorker(() -> encoder.encode(texts, cancellation), CallPriority.current(), cancellation);
        }
    }
}
