package io.tern.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.tern.base.TernException;
import io.tern.model.v1.LoadModelRequest;
import io.tern.model.v1.Model;
import io.tern.model.v1.ModelLoadingServiceGrpc;
import io.tern.model.v1.ModelLoadingServiceGrpc.ModelLoadingServiceBlockingStub;
import io.tern.model.v1.UnloadModelRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ModelLoadingGrpcTest {
    @TempDir
    Path folder;

    private Path file;
    private Service service;

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("brought/test.json");
        service = new Service(file);
    }

    @AfterEach
    void stop() {
        service.stop();
    }

    /** A service, and the models that it runs. */
    private static final class Service implements ModelLoading {
        final Set<String> models = new TreeSet<>();
        Runnable afterLoad = () -> {};
        final Set<String> byTensors = new TreeSet<>();
        final Set<String> drafts = new TreeSet<>();
        private final Server server;
        private final ManagedChannel channel;

        Service(Path file) throws IOException {
            ModelLoadingGrpc grpc = new ModelLoadingGrpc(this, new BroughtModels(file));
            grpc.restore();
            server = InProcessServerBuilder.forName(toString())
                    .directExecutor()
                    .addService(grpc)
                    .build()
                    .start();
            channel = InProcessChannelBuilder.forName(toString()).build();
        }

        ModelLoadingServiceBlockingStub stub() {
            return ModelLoadingServiceGrpc.newBlockingStub(channel);
        }

        void stop() {
            channel.shutdownNow();
            server.shutdownNow();
        }

        @Override
        public Model load(BroughtModel brought, boolean replace) {
            if (brought.path().endsWith("gone")) {
                throw TernException.invalid("path", brought.path(), "a file");
            }
            models.add(brought.name());
            if (brought.draft() != null) {
                drafts.add(brought.name() + " by " + brought.draft());
            }
            afterLoad.run();
            if (brought.servedAs().equals(BroughtModel.TENSORS)) {
                byTensors.add(brought.name());
            }
            return Model.newBuilder()
                    .setId(brought.name())
                    .setPrecision(brought.precision())
                    .build();
        }

        @Override
        public boolean serves(Model model) {
            return models.contains(model.getId());
        }

        @Override
        public void unload(String name) {
            if (!models.remove(name)) {
                throw TernException.invalid("name", name, "one of " + models);
            }
        }
    }

    private void load(String name, String path) {
        Model model = service.stub()
                .loadModel(LoadModelRequest.newBuilder()
                        .setName(name)
                        .setPath(path)
                        .setPrecision("int8")
                        .build())
                .getModel();
        assertThat(model.getId()).isEqualTo(name);
        assertThat(model.getPrecision()).isEqualTo("int8");
    }

    private void unload(String name) {
        var _ = service.stub()
                .unloadModel(UnloadModelRequest.newBuilder().setName(name).build());
    }

    private void restart() throws IOException {
        service.stop();
        service = new Service(file);
    }

    @Test
    void servesAgainAfterARestartWhatWasNotUnloaded() throws IOException {
        load("a", "/models/a");
        load("b", "/models/../models/b");
        load("c", "/models/c");
        unload("b");
        restart();
        assertThat(service.models).containsExactly("a", "c");
    }

    /** Two at once, or somebody who does not wait for the answer. */
    @Test
    void doesNotRememberWhatWasUnloadedBeforeItCouldBe() {
        service.afterLoad = () -> service.models.remove("a");
        load("a", "/models/a");
        assertThat(file).doesNotExist();
    }

    @Test
    void remembersWhatDraftsForAModel() throws IOException {
        load("a", "/models/a");
        LoadModelRequest drafted = LoadModelRequest.newBuilder()
                .setName("b")
                .setPath("/models/b")
                .setDraft("/models/../models/small")
                .build();
        var _ = service.stub().loadModel(drafted);
        assertThat(Files.readString(file)).containsOnlyOnce("draft");
        restart();
        assertThat(service.models).containsExactly("a", "b");
        assertThat(service.drafts).containsExactly("b by /models/small");
        assertThat(refusal(() -> service.stub()
                        .loadModel(drafted.toBuilder().setDraft("small").build())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    /** As it was before models could have drafts. */
    @Test
    void readsAFileWithoutDrafts() throws IOException {
        load("a", "/models/a");
        Files.writeString(file, "[{\"name\": \"b\", \"path\": \"/models/b\", \"precision\": \"\"}]");
        restart();
        assertThat(service.models).containsExactly("b");
        assertThat(service.drafts).isEmpty();
    }

    @Test
    void remembersNothingOfAModelThatIsRefused() {
        assertThat(refusal(() -> load("a", "/gone"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(() -> load("a b", "/models/a"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(() -> load("a", "models/a"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(() -> load("a", "/a\0"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(() -> unload("a"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(file).doesNotExist();
    }

    @Test
    void startsWithoutAModelThatHasGoneAndForgetsItWhenAsked() throws IOException {
        load("a", "/models/a");
        load("b", "/models/b");
        Files.writeString(file, Files.readString(file).replace("/models/a", "/models/gone"));
        restart();
        assertThat(service.models).containsExactly("b");
        unload("a");
        assertThat(refusal(() -> unload("a"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void servesAgainAsWhatItWasBrought() throws IOException {
        load("a", "/models/a");
        LoadModelRequest graph = LoadModelRequest.newBuilder()
                .setName("b")
                .setPath("/models/b")
                .setServeAs("tensors")
                .build();
        var _ = service.stub().loadModel(graph);
        restart();
        assertThat(service.models).containsExactly("a", "b");
        assertThat(service.byTensors).containsExactly("b");
        Files.writeString(file, Files.readString(file).replaceAll(",\\s+\"serve_as\" : \"[a-z]*\"", ""));
        restart();
        assertThat(service.models).as("of a file that knows no such word").containsExactly("a", "b");
        assertThat(service.byTensors).isEmpty();
    }

    @Test
    void startsWithAFileThatMakesNoSense() throws IOException {
        load("a", "/models/a");
        for (String broken : new String[] {"{", "[{}]", "[{\"name\": \"/\", \"path\": \"/\", \"precision\": \"\"}]"}) {
            Files.writeString(file, broken);
            restart();
            assertThat(service.models).isEmpty();
        }
        load("b", "/models/b");
        restart();
        assertThat(service.models).containsExactly("b");
    }

    @Test
    void listensToItsOwnMachineOnly() throws IOException {
        assertThat(SameMachineOnly.isFar(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)))
                .isFalse();
        assertThat(SameMachineOnly.isFar(new InetSocketAddress("::1", 1))).isFalse();
        assertThat(SameMachineOnly.isFar(new InetSocketAddress("192.0.2.7", 1))).isTrue();
        assertThat(SameMachineOnly.isFar(InetSocketAddress.createUnresolved("localhost", 1)))
                .isTrue();
    }

    private static Status.Code refusal(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run)
                .getStatus()
                .getCode();
    }
}
