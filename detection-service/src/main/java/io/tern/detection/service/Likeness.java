package io.tern.detection.service;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.detection.Detection;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.Detection.Builder;
import io.tern.embedding.ImageEncoder;
import io.tern.embedding.NamedExamples;
import io.tern.embedding.PicturePart;
import io.tern.embedding.service.ExampleProtos;
import io.tern.embedding.service.ImageModels;
import io.tern.embedding.v1.Example;
import io.tern.imaging.RgbImage;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What objects look like: their vectors, and which of a request's examples they are most like. The examples are encoded when
 * the first picture comes. For one request or stream, whose pictures come one after another.
 */
final class Likeness {
    /** Of a hundred pairs of different things one is more alike to the shipped encoder. */
    private static final double USUAL_SIMILARITY = 0.8;

    private final ImageEncoder encoder;
    private final boolean tellsVectors;
    private final List<Example> examples;
    private final double similarity;
    private @Nullable NamedExamples encoded;

    private Likeness(ImageEncoder encoder, boolean tellsVectors, List<Example> examples, double similarity) {
        this.encoder = encoder;
        this.tellsVectors = tellsVectors;
        this.examples = examples;
        this.similarity = similarity;
    }

    /**
     * Null if nothing of it is asked for.
     *
     * @throws TernException MODEL_NOT_FOUND or INVALID_ARGUMENT
     */
    static @Nullable Likeness of(DetectRequest request, ImageModels encoders) {
        List<Example> examples = request.getExamplesList();
        TernException.require(
                !request.hasSimilarity() || !examples.isEmpty(), "similarity", "set", "only with examples");
        if (examples.isEmpty() && !request.getEmbeddings()) {
            TernException.require(
                    request.getEncoder().isEmpty(),
                    "encoder",
                    request.getEncoder(),
                    "only with examples or embeddings");
            return null;
        }
        ExampleProtos.check(examples);
        double similarity =
                ExampleProtos.similarity(request.hasSimilarity() ? request.getSimilarity() : USUAL_SIMILARITY);
        ImageEncoder encoder = encoders.named(encoders.resolve("encoder", request.getEncoder()));
        return new Likeness(encoder, request.getEmbeddings(), examples, similarity);
    }

    /**
     * Call it on a worker.
     *
     * @param told of each detection, in their order
     */
    void tell(RgbImage picture, List<Detection> found, List<Builder> told, Cancellation cancellation) {
        NamedExamples named = encoded == null ? ExampleProtos.encode(examples, encoder, cancellation) : encoded;
        encoded = named;
        List<Supplier<RgbImage>> parts = found.stream()
                .<Supplier<RgbImage>>map(detection -> () -> PicturePart.around(picture, detection.box()))
                .toList();
        List<float[]> vectors = encoder.encodeEach(parts, cancellation);
        for (int i = 0; i < vectors.size(); i++) {
            tell(told.get(i), vectors.get(i), named);
        }
    }

    private void tell(Builder detection, float[] vector, NamedExamples named) {
        named.nearest(vector, 1, similarity)
                .forEach(match -> detection.setName(match.name()).setSimilarity(match.similarity()));
        if (tellsVectors) {
            for (float value : vector) {
                detection.addEmbedding(value);
            }
        }
    }
}
