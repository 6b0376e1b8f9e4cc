package io.tern.generation.service;

import io.grpc.stub.StreamObserver;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GenerationServiceGrpc.GenerationServiceImplBase;
import io.tern.serving.Admission;
import io.tern.serving.ServerCalls;

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
        ServerCalls.stream(observer, (send, cancellation) -> {
            // First what is wrong with it: a bad request need not wait for its refusal.
            try (ResolvedRequest resolved = models.resolve(request);
                    Admission.Permit _ = admission.enter(cancellation)) {
                resolved.run(send, cancellation);
            }
        });
    }
}
