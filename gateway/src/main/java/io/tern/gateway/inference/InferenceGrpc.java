package io.tern.gateway.inference;

import io.grpc.BindableService;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.StreamObserver;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.health.HealthWatch;
import io.tern.gateway.problem.Problem;
import io.tern.gateway.problem.ProblemException;
import io.tern.gateway.web.RequestId;
import io.tern.inference.v2.GRPCInferenceServiceGrpc;
import io.tern.inference.v2.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import io.tern.inference.v2.ModelMetadataRequest;
import io.tern.inference.v2.ModelMetadataResponse;
import io.tern.inference.v2.ModelReadyRequest;
import io.tern.inference.v2.ModelReadyResponse;
import io.tern.inference.v2.RepositoryIndexRequest;
import io.tern.inference.v2.RepositoryIndexResponse;
import io.tern.inference.v2.ServerLiveRequest;
import io.tern.inference.v2.ServerLiveResponse;
import io.tern.inference.v2.ServerMetadataRequest;
import io.tern.inference.v2.ServerMetadataResponse;
import io.tern.inference.v2.ServerReadyRequest;
import io.tern.inference.v2.ServerReadyResponse;
import io.tern.serving.StatusMapping;
import io.tern.serving.UnreadableMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * {@code inference.GRPCInferenceService}: what only the gateway can say is answered here, tensors pass through as bytes to
 * the service whose graphs they are for.
 */
public final class InferenceGrpc implements BindableService {
    private static final Set<String> PASSED =
            Set.of("ModelInfer", "ModelStreamInfer", "ModelConfig", "ModelStatistics");

    private final InferenceModels models;
    private final HealthWatch watch;
    private final BindableService tensors;

    /** @param tensors the same service where the graphs are */
    public InferenceGrpc(InferenceModels models, HealthWatch watch, BindableService tensors) {
        this.models = models;
        this.watch = watch;
        this.tensors = tensors;
    }

    @Override
    public ServerServiceDefinition bindService() {
        ServerServiceDefinition own = UnreadableMessages.refusedBy(new Own().bindService());
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
        Stream.concat(
                        own.getMethods().stream().filter(method -> !isPassed(method)),
                        tensors.bindService().getMethods().stream().filter(InferenceGrpc::isPassed))
                .forEach(methods::add);
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(GRPCInferenceServiceGrpc.SERVICE_NAME)
                .setSchemaDescriptor(
                        GRPCInferenceServiceGrpc.getServiceDescriptor().getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(service::addMethod);
        return service.build();
    }

    private static boolean isPassed(ServerMethodDefinition<?, ?> method) {
        return PASSED.contains(method.getMethodDescriptor().getBareMethodName());
    }

    private final class Own extends GRPCInferenceServiceImplBase {
        @Override
        public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
            answer(Mono.just(ServerLiveResponse.newBuilder().setLive(true).build()), observer);
        }

        @Override
        public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
            boolean ready = watch.health().isReady();
            answer(Mono.just(ServerReadyResponse.newBuilder().setReady(ready).build()), observer);
        }

        @Override
        public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
            answer(Mono.just(models.server()), observer);
        }

        /** As of other servers: who asks whether something is there wants no error where it is not. */
        @Override
        public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
            answer(
                    models.model(request.getName(), request.getVersion(), RequestId.keepOrMake(null))
                            .map(_ -> true)
                            .onErrorReturn(TernException.class, false)
                            .map(ready -> ModelReadyResponse.newBuilder()
                                    .setReady(ready)
                                    .build()),
                    observer);
        }

        @Override
        public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
            answer(models.metadata(request.getName(), request.getVersion(), RequestId.keepOrMake(null)), observer);
        }

        @Override
        public void repositoryIndex(RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> observer) {
            answer(
                    Mono.defer(() -> {
                        TernException.require(
                                request.getRepositoryName().isEmpty(),
                                "repository_name",
                                request.getRepositoryName(),
                                "none, as there is one repository");
                        return models.index(RequestId.keepOrMake(null));
                    }),
                    observer);
        }

        private static <T> void answer(Mono<T> answer, StreamObserver<T> observer) {
            answer.subscribe(
                    observer::onNext,
                    error -> observer.onError(StatusMapping.toStatus(told(error))),
                    observer::onCompleted);
        }

        /** What a service has refused, in the words that it had. */
        private static Throwable told(Throwable error) {
            if (!(error instanceof ProblemException refused)) {
                return error;
            }
            Problem problem = refused.problem();
            ErrorCode code = ErrorCode.of(problem.code()).orElse(ErrorCode.INTERNAL_ERROR);
            return new TernException(code, problem.message(), problem.param(), refused);
        }
    }
}
