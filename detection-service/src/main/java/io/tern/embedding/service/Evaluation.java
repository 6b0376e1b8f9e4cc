package io.tern.embedding.service;

import io.tern.base.TernException;
import io.tern.embedding.contrastive.InfoNce;
import io.tern.embedding.contrastive.Pairs;
import io.tern.embedding.v1.EvaluateRequest;
import io.tern.embedding.v1.EvaluateResponse;
import io.tern.embedding.v1.InfoNceScore;
import java.util.List;

/**
 * What an evaluation asks for beside its pairs.
 *
 * @param ofPictures else of texts
 */
record Evaluation(int pairs, boolean ofPictures, double temperature, List<Integer> batchSizes) {
    private static final int MOST_PAIRS = 1024;
    private static final int MOST_BATCH_SIZES = 32;
    /** With which all-MiniLM-L6-v2 was trained. */
    private static final double TEXTS_TEMPERATURE = 0.05;
    /** With which the image encoder was trained. */
    private static final double PICTURES_TEMPERATURE = 0.1;

    /** @throws TernException INVALID_ARGUMENT */
    static Evaluation of(EvaluateRequest request) {
        boolean texts = request.getLeftCount() + request.getRightCount() > 0;
        boolean pictures = request.getLeftImagesCount() + request.getRightImagesCount() > 0;
        TernException.require(!(texts && pictures), "left", "texts beside pictures", "one of the two");
        String left = pictures ? "left_images" : "left";
        String right = pictures ? "right_images" : "right";
        int pairs = pictures ? request.getLeftImagesCount() : request.getLeftCount();
        int partners = pictures ? request.getRightImagesCount() : request.getRightCount();
        TernException.require(1 <= pairs && pairs <= MOST_PAIRS, left, pairs + " of them", "1.." + MOST_PAIRS);
        TernException.require(
                partners == pairs, right, partners + " of them", "one for each of the " + pairs + " on the left");
        double usual = pictures ? PICTURES_TEMPERATURE : TEXTS_TEMPERATURE;
        double temperature = request.hasTemperature() ? request.getTemperature() : usual;
        TernException.require(temperature >= 0.001 && temperature <= 100, "temperature", temperature, "0.001..100");
        TernException.require(
                request.getBatchSizesCount() <= MOST_BATCH_SIZES,
                "batch_sizes",
                request.getBatchSizesCount() + " sizes",
                "at most " + MOST_BATCH_SIZES);
        for (int size : request.getBatchSizesList()) {
            TernException.require(
                    1 <= size && size <= pairs, "batch_sizes", size, "1.." + pairs + ", the number of pairs");
        }
        List<Integer> sizes = request.getBatchSizesCount() > 0 ? request.getBatchSizesList() : List.of(pairs);
        return new Evaluation(pairs, pictures, temperature, sizes);
    }

    EvaluateResponse response(String model, Pairs vectors) {
        EvaluateResponse.Builder response = EvaluateResponse.newBuilder()
                .setModel(model)
                .setAlignment(vectors.alignment())
                .setUniformity(vectors.uniformity());
        double[][] scores = vectors.scores(temperature);
        for (int size : batchSizes) {
            InfoNce measured = InfoNce.inBatches(scores, size);
            response.addScores(InfoNceScore.newBuilder()
                    .setBatchSize(size)
                    .setLoss(measured.loss())
                    .setMutualInformationBound(measured.mutualInformationBound())
                    .setAccuracy(measured.accuracy()));
        }
        return response.build();
    }
}
