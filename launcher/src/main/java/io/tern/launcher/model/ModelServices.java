package io.tern.launcher.model;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.tern.launcher.LaunchFailure;
import io.tern.launcher.plan.LaunchPlan;
import io.tern.launcher.plan.Service;
import io.tern.launcher.report.ServedModel;
import io.tern.launcher.supervise.ChildRecord;
import io.tern.launcher.supervise.RunState;
import io.tern.model.v1.ListModelsRequest;
import io.tern.model.v1.LoadModelRequest;
import io.tern.model.v1.Model;
import io.tern.model.v1.ModelLoadingServiceGrpc;
import io.tern.model.v1.ModelServiceGrpc;
import io.tern.model.v1.UnloadModelRequest;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The running model services, asked on loopback. */
public record ModelServices(List<ChildRecord> running) {
    private static final String UNTOUCHED = "what is served is as before";
    /** Of an error that names all inputs and outputs of a graph. */
    private static final int MAX_ERROR_BYTES = 1 << 20;

    public static ModelServices of(RunState state) {
        return new ModelServices(state.services().stream()
                .filter(record -> record.service().isModelService())
                .toList());
    }

    /** What they serve besides these. */
    public List<Model> servedBeside(Set<String> known) {
        return running.stream()
                .flatMap(service -> models(service).stream())
                .filter(model -> !known.contains(model.getId()))
                .toList();
    }

    /** What they serve now. */
    public List<ServedModel> served() {
        return running.stream()
                .flatMap(service -> models(service).stream())
                .map(ServedModel::of)
                .toList();
    }

    /**
     * Returns once it is served.
     *
     * @param wanted all but the path
     * @throws LaunchFailure with the service's own words if it refuses
     */
    public Model load(LocalModel model, LoadModelRequest wanted) {
        String name = wanted.getName();
        for (ChildRecord other : running) {
            if (other.service() != model.service()
                    && models(other).stream().map(Model::getId).anyMatch(name::equals)) {
                throw new LaunchFailure(
                        "the name " + name + " is taken by a model of the "
                                + other.service().label() + " service",
                        "choose another by --name");
            }
        }
        LoadModelRequest request =
                wanted.toBuilder().setPath(model.path().toString()).build();
        ChildRecord service = running.stream()
                .filter(record -> record.service() == model.service())
                .findFirst()
                .orElseThrow();
        try {
            return ask(
                    service,
                    channel -> ModelLoadingServiceGrpc.newBlockingStub(channel)
                            .loadModel(request)
                            .getModel());
        } catch (StatusRuntimeException e) {
            throw refused(service.service(), "cannot load " + model.path(), e);
        }
    }

    /** Returns once no further request can name it. */
    public Service unload(String name) {
        UnloadModelRequest request =
                UnloadModelRequest.newBuilder().setName(name).build();
        for (ChildRecord service : running) {
            try {
                var _ = ask(
                        service,
                        channel ->
                                ModelLoadingServiceGrpc.newBlockingStub(channel).unloadModel(request));
                return service.service();
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
                    throw refused(service.service(), "cannot unload " + name, e);
                }
            }
        }
        throw new LaunchFailure("no model of the name " + name + " is served", "see what is: ./tern models");
    }

    private static List<Model> models(ChildRecord service) {
        try {
            return ask(
                    service,
                    channel -> ModelServiceGrpc.newBlockingStub(channel)
                            .listModels(ListModelsRequest.getDefaultInstance())
                            .getModelsList());
        } catch (StatusRuntimeException e) {
            throw refused(service.service(), "cannot see what is served", e);
        }
    }

    private static LaunchFailure refused(Service service, String what, StatusRuntimeException error) {
        String why = String.valueOf(error.getStatus().getDescription()).replaceAll("\\s+", " ");
        if (error.getStatus().getCode() == Status.Code.UNAVAILABLE) {
            return new LaunchFailure(
                    what + ": the " + service.label() + " service is away",
                    "see ./tern logs " + service.label(),
                    error);
        }
        return new LaunchFailure(what + ": " + why, UNTOUCHED, error);
    }

    private static <T> T ask(ChildRecord service, Function<ManagedChannel, T> question) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(LaunchPlan.LOOPBACK, service.port())
                .usePlaintext()
                .maxInboundMetadataSize(MAX_ERROR_BYTES)
                .build();
        try {
            return question.apply(channel);
        } finally {
            channel.shutdownNow();
        }
    }
}
