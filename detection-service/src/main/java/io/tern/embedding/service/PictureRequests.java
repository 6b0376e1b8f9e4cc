package io.tern.embedding.service;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.detection.network.OnnxNetworks;
import io.tern.embedding.ImageEncoder;
import io.tern.embedding.NamedExamples;
import io.tern.embedding.contrastive.Pairs;
import io.tern.embedding.v1.EmbedRequest;
import io.tern.embedding.v1.EmbedResponse;
import io.tern.embedding.v1.EvaluateRequest;
import io.tern.embedding.v1.EvaluateResponse;
import io.tern.embedding.v1.FindSimilarRequest;
import io.tern.embedding.v1.FindSimilarResponse;
import io.tern.serving.Admission;
import io.tern.serving.CallPriority;

/**
 * Answers what is asked of pictures. What is wrong with a request's fields is said before it waits for its turn, what is
 * wrong with a picture when it is decoded.
 */
record PictureRequests(ImageModels models, OnnxNetworks networks, Admission admission) {
    private static final int DEFAULT_MOST = 10;
    private static final int MOST = 256;
    /** Of one answer, each with its name: a few megabytes. */
    private static final int MOST_TOLD = 1 << 16;

    EmbedResponse embed(EmbedRequest request, Cancellation cancellation) {
        String id = models.resolve("model", request.getModel());
        ImageEncoder encoder = models.named(id);
        int dimensions = EmbeddingProtos.dimensions(request, encoder.width());
        PictureVectors.check("input", request.getPicturesList());
        try (Admission.Permit _ = admission.enter(cancellation)) {
            PictureVectors vectors = new PictureVectors(networks, encoder);
            return EmbeddingProtos.response(
                    id, vectors.parts("input", request.getPicturesList(), cancellation), dimensions);
        }
    }

    FindSimilarResponse findSimilar(FindSimilarRequest request, Cancellation cancellation) {
        String id = models.resolve("model", request.getModel());
        ImageEncoder encoder = models.named(id);
        int most = request.hasMost() ? request.getMost() : DEFAULT_MOST;
        TernException.require(1 <= most && most <= MOST, "most", most, "1.." + MOST);
        double similarity = ExampleProtos.similarity(request.hasSimilarity() ? request.getSimilarity() : -1);
        PictureVectors.check("pictures", request.getPicturesList());
        TernException.require(request.getExamplesCount() > 0, "examples", "none", "one at least");
        ExampleProtos.check(request.getExamplesList());
        int parts = request.getPicturesList().stream()
                .mapToInt(picture -> Math.max(1, picture.getBoxesCount()))
                .sum();
        int told = parts * Math.min(most, request.getExamplesCount());
        TernException.require(
                told <= MOST_TOLD,
                "most",
                most + ", " + told + " examples of " + parts + " pictures and parts",
                "at most " + MOST_TOLD + " examples in an answer");
        FindSimilarResponse.Builder response = FindSimilarResponse.newBuilder().setModel(id);
        try (Admission.Permit _ = admission.enter(cancellation)) {
            NamedExamples examples = networks.onWorker(
                    () -> ExampleProtos.encode(request.getExamplesList(), encoder, cancellation),
                    CallPriority.current(),
                    cancellation);
            new PictureVectors(networks, encoder)
                    .parts("pictures", request.getPicturesList(), cancellation)
                    .forEach(part -> response.addData(
                            EmbeddingProtos.similar(part, examples.nearest(part.vector(), most, similarity))));
        }
        return response.build();
    }

    EvaluateResponse evaluate(EvaluateRequest request, Evaluation evaluation, Cancellation cancellation) {
        String id = models.resolve("model", request.getModel());
        try (Admission.Permit _ = admission.enter(cancellation)) {
            PictureVectors vectors = new PictureVectors(networks, models.named(id));
            return evaluation.response(
                    id,
                    new Pairs(
                            vectors.whole("left_images", request.getLeftImagesList(), cancellation),
                            vectors.whole("right_images", request.getRightImagesList(), cancellation)));
        }
    }
}
