package io.tern.embedding.service;

import io.tern.base.TernException;
import io.tern.embedding.NamedExamples;
import io.tern.embedding.SentenceEncoder;
import io.tern.embedding.UnitVectors;
import io.tern.embedding.v1.EmbedRequest;
import io.tern.embedding.v1.EmbedResponse;
import io.tern.embedding.v1.Embedding;
import io.tern.embedding.v1.EmbeddingUsage;
import io.tern.embedding.v1.SimilarExample;
import io.tern.embedding.v1.SimilarExamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Between the messages and the engine's own types. */
final class EmbeddingProtos {
    private static final int MOST_TEXTS = 2048;

    private EmbeddingProtos() {}

    /** @throws TernException INVALID_ARGUMENT if it is of several */
    static void requireOneKind(EmbedRequest request) {
        long kinds = IntStream.of(request.getInputCount(), request.getTokenIdsCount(), request.getPicturesCount())
                .filter(count -> count > 0)
                .count();
        TernException.require(kinds <= 1, "input", kinds + " kinds", "texts, token ids or pictures");
    }

    /** @throws TernException INVALID_ARGUMENT */
    static int dimensions(EmbedRequest request, int width) {
        int dimensions = request.hasDimensions() ? request.getDimensions() : width;
        TernException.require(1 <= dimensions && dimensions <= width, "dimensions", dimensions, "1.." + width);
        return dimensions;
    }

    /** @throws TernException INVALID_ARGUMENT if there is none, too many, or one is wrong */
    static List<int[]> texts(EmbedRequest request, SentenceEncoder encoder) {
        int count = request.getInputCount() + request.getTokenIdsCount();
        TernException.require(1 <= count && count <= MOST_TEXTS, "input", count + " texts", "1.." + MOST_TEXTS);
        List<int[]> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String field = "input[" + i + "]";
            texts.add(
                    request.getInputCount() > 0
                            ? encoder.tokenize(field, request.getInput(i))
                            : encoder.checked(
                                    field,
                                    request.getTokenIds(i).getIdsList().stream()
                                            .mapToInt(Integer::intValue)
                                            .toArray()));
        }
        return texts;
    }

    /**
     * @param field of the request, for messages
     * @throws TernException INVALID_ARGUMENT if one is empty or too long
     */
    static List<int[]> tokens(String field, List<String> texts, SentenceEncoder encoder) {
        List<int[]> tokens = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            tokens.add(encoder.tokenize(field + "[" + i + "]", texts.get(i)));
        }
        return tokens;
    }

    /** @param dimensions how much of each vector is told */
    static EmbedResponse response(String model, List<int[]> texts, List<float[]> vectors, int dimensions) {
        EmbedResponse.Builder response = EmbedResponse.newBuilder().setModel(model);
        for (int i = 0; i < vectors.size(); i++) {
            response.addData(embedding(i, vectors.get(i), dimensions));
        }
        int tokens = texts.stream().mapToInt(ids -> ids.length).sum();
        return response.setUsage(EmbeddingUsage.newBuilder().setPromptTokens(tokens))
                .build();
    }

    /** @param dimensions how much of each vector is told */
    static EmbedResponse response(String model, List<PictureVectors.Part> parts, int dimensions) {
        EmbedResponse.Builder response = EmbedResponse.newBuilder().setModel(model);
        for (PictureVectors.Part part : parts) {
            Embedding.Builder embedding = embedding(part.index(), part.vector(), dimensions);
            if (part.box() != null) {
                embedding.setBox(part.box());
            }
            response.addData(embedding);
        }
        return response.setUsage(EmbeddingUsage.getDefaultInstance()).build();
    }

    private static Embedding.Builder embedding(int index, float[] vector, int dimensions) {
        Embedding.Builder embedding = Embedding.newBuilder().setIndex(index);
        for (float value : shortened(vector, dimensions)) {
            embedding.addEmbedding(value);
        }
        return embedding;
    }

    static SimilarExamples similar(PictureVectors.Part part, List<NamedExamples.Match> matches) {
        SimilarExamples.Builder similar = SimilarExamples.newBuilder().setIndex(part.index());
        if (part.box() != null) {
            similar.setBox(part.box());
        }
        for (NamedExamples.Match match : matches) {
            similar.addExamples(SimilarExample.newBuilder()
                    .setIndex(match.index())
                    .setName(match.name())
                    .setSimilarity(match.similarity()));
        }
        return similar.build();
    }

    private static float[] shortened(float[] vector, int dimensions) {
        return dimensions == vector.length ? vector : UnitVectors.normalize(Arrays.copyOf(vector, dimensions));
    }
}
