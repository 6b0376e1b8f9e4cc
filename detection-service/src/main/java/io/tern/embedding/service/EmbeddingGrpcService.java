package io.tern.embedding.service;

import io.grpc.stub.StreamObserver;
import io.tern.base.Cancellation;
import io.tern.embedding.v1.EmbedRequest;
import io.tern.embedding.v1.EmbedResponse;
import io.tern.embedding.v1.EmbeddingServiceGrpc.EmbeddingServiceImplBase;
import io.tern.embedding.v1.EvaluateRequest;
import io.tern.embedding.v1.EvaluateResponse;
import io.tern.embedding.v1.FindSimilarRequest;
import io.tern.embedding.v1.FindSimilarResponse;
import io.tern.serving.ServerCalls;

/** {@code tern.embedding.v1.EmbeddingService}. */
final class EmbeddingGrpcService extends EmbeddingServiceImplBase {
    private final TextRequests texts;
    private final PictureRequests pictures;

    EmbeddingGrpcService(TextRequests texts, PictureRequests pictures) {
        this.texts = texts;
        this.pictures = pictures;
    }

    @Override
    public void embed(EmbedRequest request, StreamObserver<EmbedResponse> observer) {
        ServerCalls.unary(observer, cancellation -> embed(request, cancellation));
    }

    @Override
    public void findSimilar(FindSimilarRequest request, StreamObserver<FindSimilarResponse> observer) {
        ServerCalls.unary(observer, cancellation -> pictures.findSimilar(request, cancellation));
    }

    @Override
    public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> observer) {
        ServerCalls.unary(observer, cancellation -> evaluate(request, cancellation));
    }

    private EmbedResponse embed(EmbedRequest request, Cancellation cancellation) {
        EmbeddingProtos.requireOneKind(request);
        return request.getPicturesCount() > 0
                ? pictures.embed(request, cancellation)
                : texts.embed(request, cancellation);
    }

    private EvaluateResponse evaluate(EvaluateRequest request, Cancellation cancellation) {
        Evaluation evaluation = Evaluation.of(request);
        return evaluation.ofPictures()
                ? pictures.evaluate(request, evaluation, cancellation)
                : texts.evaluate(request, evaluation, cancellation);
    }
}
