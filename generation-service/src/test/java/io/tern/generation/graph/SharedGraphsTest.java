package io.tern.generation.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.generation.EmojiModel;
import io.tern.generation.pipeline.DiffusionPipeline;
import io.tern.onnx.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Equal graphs are one session as long as somebody has it. */
class SharedGraphsTest {
    private static final String GRAPH = "vae_encoder/model.onnx";

    @TempDir
    Path folder;

    private final SharedGraphs graphs = new SharedGraphs();
    private final List<Path> loaded = new ArrayList<>();

    @BeforeEach
    void copyTheGraph() throws IOException {
        for (String model : List.of("one", "other")) {
            Files.createDirectories(folder.resolve(model));
            Files.copy(EmojiModel.FOLDER.resolve(GRAPH), folder.resolve(model).resolve("model.onnx"));
        }
    }

    @Test
    void loadsEqualFilesOnceAndClosesThemWithTheLastUser() {
        GraphLease one = lease("one");
        GraphLease other = lease("other");
        assertThat(other.session()).isSameAs(one.session());
        assertThat(loaded).hasSize(1);
        one.close();
        other.session().bind().close();
        other.close();
        assertThatThrownBy(() -> other.session().bind()).isInstanceOf(IllegalStateException.class);
        try (GraphLease again = lease("one")) {
            assertThat(again.session()).isNotSameAs(one.session());
            again.session().bind().close();
        }
    }

    @Test
    void tellsGraphsApartByTheWeightsBesideThem() throws IOException {
        Files.writeString(folder.resolve("other/model.onnx_data"), "weights");
        Files.writeString(folder.resolve("one/config.json"), "{}");
        try (GraphLease one = lease("one");
                GraphLease other = lease("other")) {
            assertThat(other.session()).isNotSameAs(one.session());
        }
    }

    @Test
    void remembersNothingOfWhatCannotBeLoaded() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("one/model.onnx"));
        Files.write(folder.resolve("one/model.onnx"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> lease("one")).isInstanceOf(TernException.class);
        Files.write(folder.resolve("one/model.onnx"), whole);
        lease("one").close();
    }

    /** A model that was unloaded leaves what another one still draws with. */
    @Test
    void pipelinesShareWhatTheyHaveInCommon() {
        DiffusionPipeline again = DiffusionPipeline.load(EmojiModel.FOLDER, EmojiModel.INFERENCE);
        again.close();
        try (GraphLease decoder =
                Graphs.load(EmojiModel.FOLDER, "vae_decoder/model.onnx", EmojiModel.INFERENCE, _ -> {})) {
            decoder.session().bind().close();
        }
    }

    private GraphLease lease(String model) {
        Path file = folder.resolve(model).resolve("model.onnx");
        return graphs.lease(file, () -> load(file));
    }

    private Session load(Path file) {
        loaded.add(file);
        return EmojiModel.INFERENCE.runtime().load(file, EmojiModel.INFERENCE.config());
    }
}
