package io.tern.gateway;

import io.grpc.stub.StreamObserver;
import io.tern.base.TernException;
import io.tern.embedding.v1.EmbedRequest;
import io.tern.embedding.v1.EmbedResponse;
import io.tern.embedding.v1.Embedding;
import io.tern.embedding.v1.EmbeddingServiceGrpc.EmbeddingServiceImplBase;
import io.tern.embedding.v1.EmbeddingUsage;
import io.tern.embedding.v1.FindSimilarRequest;
import io.tern.embedding.v1.FindSimilarResponse;
import io.tern.embedding.v1.SimilarExample;
import io.tern.embedding.v1.SimilarExamples;
import io.tern.serving.StatusMapping;

/** A vector of two values a text: its length and 0.5; an empty text is refused. Each picture is like all examples. */
final class FakeEmbedding extends EmbeddingServiceImplBase {
    @Override
    public void embed(EmbedRequest request, StreamObserver<EmbedResponse> observer) {
        EmbedResponse.Builder response = EmbedResponse.newBuilder().setModel("minilm");
        for (String text : request.getInputList()) {
            if (text.isEmpty()) {
                observer.onError(StatusMapping.toStatus(TernException.invalid("input[0]", "empty", "a text")));
                return;
            }
            response.addData(Embedding.newBuilder()
                    .setIndex(response.getDataCount())
                    .addEmbedding(text.length())
                    .addEmbedding(0.5f));
        }
        observer.onNext(response.setUsage(EmbeddingUsage.newBuilder().setPromptTokens(3))
                .build());
        observer.onCompleted();
    }

    @Override
    public void findSimilar(FindSimilarRequest request, StreamObserver<FindSimilarResponse> observer) {
        FindSimilarResponse.Builder response = FindSimilarResponse.newBuilder().setModel("encoder");
        for (int i = 0; i < request.getPicturesCount(); i++) {
            SimilarExamples.Builder similar = SimilarExamples.newBuilder().setIndex(i);
            request.getExamplesList()
                    .forEach(example -> similar.addExamples(SimilarExample.newBuilder()
                            .setName(example.getName())
                            .setSimilarity(1)));
            response.addData(similar);
        }
        observer.onNext(response.build());
        observer.onCompleted();
    }
}
