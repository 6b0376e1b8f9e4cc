package io.tern.generation.service;

import io.grpc.stub.StreamObserver;
import io.tern.generation.ImageGenerator;
import io.tern.generation.LikelihoodQuestion;
import io.tern.generation.RecipeTexts;
import io.tern.generation.likelihood.LogDensity;
import io.tern.generation.sampler.Samplers;
import io.tern.generation.schedule.SigmaSchedule;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GenerationServiceGrpc.GenerationServiceImplBase;
import io.tern.generation.v1.LikelihoodRequest;
import io.tern.generation.v1.LikelihoodResponse;
import io.tern.generation.v1.ListSamplersRequest;
import io.tern.generation.v1.ListSamplersResponse;
import io.tern.generation.v1.ReadRecipeRequest;
import io.tern.generation.v1.ReadRecipeResponse;
import io.tern.generation.v1.ReplayRequest;
import io.tern.generation.v1.ResizeRequest;
import io.tern.generation.v1.ResizeResponse;
import io.tern.serving.Admission;
import io.tern.serving.CallPriority;
import io.tern.serving.Lease;
import io.tern.serving.ServerCalls;
import java.util.function.Supplier;

/** {@code tern.generation.v1.GenerationService}. */
final class GenerationGrpcService extends GenerationServiceImplBase {
    private final ImageModels models;
    private final Admission admission;

    GenerationGrpcService(ImageModels models, Admission admission) {
        this.models = models;
        this.admission = admission;
    }

    @Override
    public void generate(GenerateRequest request, StreamObserver<GenerateResponse> observer) {
        answer(observer, () -> models.resolve(request));
    }

    @Override
    public void replay(ReplayRequest request, StreamObserver<GenerateResponse> observer) {
        answer(observer, () -> models.resolve(request));
    }

    @Override
    public void likelihood(LikelihoodRequest request, StreamObserver<LikelihoodResponse> observer) {
        ServerCalls.unary(observer, cancellation -> {
            LikelihoodQuestion question = GenerationProtos.question(request);
            try (Lease<ImageGenerator> lease = models.lease(request.getModel());
                    Admission.Permit _ = admission.enter(cancellation)) {
                LogDensity density = lease.model().likelihood(question, cancellation);
                return LikelihoodResponse.newBuilder()
                        .setBitsPerDim(density.bitsPerDimension())
                        .setLogLikelihood(density.nats())
                        .setDimensions(density.dimensions())
                        .setEvaluations(density.evaluations())
                        .setModel(lease.model().modelId())
                        .build();
            }
        });
    }

    @Override
    public void readRecipe(ReadRecipeRequest request, StreamObserver<ReadRecipeResponse> observer) {
        ServerCalls.unary(observer, _ -> {
            RecipeTexts texts = RecipeTexts.of(request.getImage().toByteArray());
            return ReadRecipeResponse.newBuilder()
                    .setRecipe(texts.recipe())
                    .setParameters(texts.parameters())
                    .build();
        });
    }

    @Override
    public void resize(ResizeRequest request, StreamObserver<ResizeResponse> observer) {
        ServerCalls.unary(observer, cancellation -> {
            try (Admission.Permit _ = admission.enter(cancellation)) {
                return PictureResizing.answer(request, models.limits(), cancellation);
            }
        });
    }

    @Override
    public void listSamplers(ListSamplersRequest request, StreamObserver<ListSamplersResponse> observer) {
        ServerCalls.unary(
                observer,
                _ -> ListSamplersResponse.newBuilder()
                        .addAllSamplers(Samplers.names())
                        .addAllSchedules(SigmaSchedule.names().toList())
                        .build());
    }

    private void answer(StreamObserver<GenerateResponse> observer, Supplier<ResolvedRequest> request) {
        ServerCalls.stream(observer, (send, cancellation) -> {
            // First what is wrong with it: a bad request need not wait for its refusal.
            try (ResolvedRequest resolved = request.get();
                    Admission.Permit _ = admission.enter(cancellation)) {
                resolved.run(CallPriority.current(), send, cancellation);
            }
        });
    }
}
