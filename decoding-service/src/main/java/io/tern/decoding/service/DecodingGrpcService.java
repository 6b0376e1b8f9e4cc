package io.tern.decoding.service;

import io.grpc.stub.StreamObserver;
import io.tern.base.Work;
import io.tern.decoding.v1.DecodingServiceGrpc.DecodingServiceImplBase;
import io.tern.decoding.v1.DetokenizeRequest;
import io.tern.decoding.v1.DetokenizeResponse;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.TokenizeRequest;
import io.tern.decoding.v1.TokenizeResponse;
import io.tern.serving.Admission;
import io.tern.serving.CallPriority;
import io.tern.serving.Lease;
import io.tern.serving.ServerCalls;

/** {@code tern.decoding.v1.DecodingService}. */
final class DecodingGrpcService extends DecodingServiceImplBase {
    private final LanguageModels models;
    private final Admission admission;

    DecodingGrpcService(LanguageModels models, Admission admission) {
        this.models = models;
        this.admission = admission;
    }

    @Override
    public void generate(GenerateRequest request, StreamObserver<GenerateResponse> observer) {
        String tenant = Tenant.current();
        Work work = Work.ofCall(CallPriority.current());
        ServerCalls.stream(observer, (send, cancellation) -> {
            // First what is wrong with it: a bad request need not wait for its refusal.
            try (ResolvedRequest resolved = models.resolve(request);
                    Admission.Permit _ = admission.enter(cancellation)) {
                resolved.run(work, tenant, send, cancellation);
            }
        });
    }

    @Override
    public void tokenize(TokenizeRequest request, StreamObserver<TokenizeResponse> observer) {
        ServerCalls.unary(observer, _ -> {
            try (Lease<TextModel> model = models.lease(request.getModel())) {
                return model.model().tokenize(request);
            }
        });
    }

    @Override
    public void detokenize(DetokenizeRequest request, StreamObserver<DetokenizeResponse> observer) {
        ServerCalls.unary(observer, _ -> {
            try (Lease<TextModel> model = models.lease(request.getModel())) {
                return model.model().detokenize(request);
            }
        });
    }
}
