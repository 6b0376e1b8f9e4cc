package io.tern.launcher.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tern.launcher.LaunchFailure;
import io.tern.launcher.plan.Service;
import io.tern.launcher.supervise.ChildRecord;
import io.tern.launcher.supervise.ChildState;
import io.tern.model.v1.ListModelsRequest;
import io.tern.model.v1.ListModelsResponse;
import io.tern.model.v1.LoadModelRequest;
import io.tern.model.v1.LoadModelResponse;
import io.tern.model.v1.Model;
import io.tern.model.v1.ModelLoadingServiceGrpc.ModelLoadingServiceImplBase;
import io.tern.model.v1.ModelServiceGrpc.ModelServiceImplBase;
import io.tern.model.v1.UnloadModelRequest;
import io.tern.model.v1.UnloadModelResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ModelServicesTest {
    private static final LocalModel LOCAL = new LocalModel(Path.of("/models/x.gguf"), Service.DECODING);

    private Server detection;
    private Server decoding;
    private ModelServices services;

    @BeforeEach
    void start() throws IOException {
        detection = server("yolo");
        decoding = server("llama");
        services = new ModelServices(List.of(record(Service.DETECTION, detection), record(Service.DECODING, decoding)));
    }

    @AfterEach
    void stop() {
        detection.shutdownNow();
        decoding.shutdownNow();
    }

    private static ChildRecord record(Service service, Server server) {
        return new ChildRecord(service, null, server.getPort(), ChildState.READY, 0);
    }

    /** Serves one model and loads what is not called bad. */
    private static Server server(String served) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new ModelServiceImplBase() {
                    @Override
                    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
                        Model model = Model.newBuilder().setId(served).build();
                        observer.onNext(
                                ListModelsResponse.newBuilder().addModels(model).build());
                        observer.onCompleted();
                    }
                })
                .addService(new ModelLoadingServiceImplBase() {
                    @Override
                    public void loadModel(LoadModelRequest request, StreamObserver<LoadModelResponse> observer) {
                        if (request.getName().equals("bad")) {
                            String endless = "inputs: " + "x, ".repeat(5000) + "outputs:\n y";
                            observer.onError(Status.INVALID_ARGUMENT
                                    .withDescription(endless)
                                    .asRuntimeException());
                            return;
                        }
                        Model model = Model.newBuilder()
                                .setId(request.getName())
                                .setPrecision(request.getPrecision())
                                .addCapabilities(request.getServeAs())
                                .setSha256(request.getPath())
                                .setLicence(request.getDraft())
                                .build();
                        observer.onNext(
                                LoadModelResponse.newBuilder().setModel(model).build());
                        observer.onCompleted();
                    }

                    @Override
                    public void unloadModel(UnloadModelRequest request, StreamObserver<UnloadModelResponse> observer) {
                        if (request.getName().equals(served)) {
                            observer.onNext(UnloadModelResponse.getDefaultInstance());
                            observer.onCompleted();
                        } else {
                            observer.onError(Status.NOT_FOUND.asRuntimeException());
                        }
                    }
                })
                .build()
                .start();
    }

    private static LoadModelRequest wanted(String name) {
        return LoadModelRequest.newBuilder().setName(name).build();
    }

    @Test
    void asksTheServiceThatItIsFor() {
        Model model = services.load(
                LOCAL,
                wanted("mine").toBuilder()
                        .setPrecision("fp32")
                        .setServeAs("tensors")
                        .setDraft("/models/small.gguf")
                        .build());
        assertThat(model.getId()).isEqualTo("mine");
        assertThat(model.getPrecision()).isEqualTo("fp32");
        assertThat(model.getCapabilitiesList()).containsExactly("tensors");
        assertThat(model.getSha256()).isEqualTo("/models/x.gguf");
        assertThat(model.getLicence()).isEqualTo("/models/small.gguf");
        assertThat(services.load(LOCAL, wanted("llama")).getId())
                .as("its own name is the service's to judge")
                .isEqualTo("llama");
    }

    @Test
    void tellsWhatIsServedBesideTheCatalogue() {
        assertThat(services.servedBeside(Set.of("llama")))
                .extracting(Model::getId)
                .containsExactly("yolo");
    }

    @Test
    void refusesANameOfAnotherService() {
        assertThatThrownBy(() -> services.load(LOCAL, wanted("yolo")))
                .isInstanceOf(LaunchFailure.class)
                .hasMessage("the name yolo is taken by a model of the detection service; choose another by --name");
    }

    @Test
    void repeatsTheServicesWordsInOneLine() {
        assertThatThrownBy(() -> services.load(LOCAL, wanted("bad")))
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining("outputs: y; what is served is as before")
                .hasMessageNotContainingAny("\n");
    }

    @Test
    void findsTheServiceOfANameToUnload() {
        assertThat(services.unload("llama")).isEqualTo(Service.DECODING);
        assertThat(services.unload("yolo")).isEqualTo(Service.DETECTION);
        assertThatThrownBy(() -> services.unload("none"))
                .hasMessage("no model of the name none is served; see what is: ./tern models");
    }

    @Test
    void saysWhichServiceIsAway() {
        decoding.shutdownNow();
        assertThatThrownBy(() -> services.load(LOCAL, wanted("mine")))
                .hasMessage("cannot load /models/x.gguf: the decoding service is away; see ./tern logs decoding");
    }
}
