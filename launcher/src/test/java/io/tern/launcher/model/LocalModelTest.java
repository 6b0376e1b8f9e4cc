package io.tern.launcher.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.launcher.LaunchFailure;
import io.tern.launcher.plan.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalModelTest {
    @TempDir
    Path folder;

    private Path file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    @Test
    void tellsTheServiceByWhatLiesThere() throws IOException {
        assertThat(LocalModel.at(file("a.gguf", "GGUF...")).service()).isEqualTo(Service.DECODING);
        assertThat(LocalModel.at(file("no-ending", "GGUF...")).service()).isEqualTo(Service.DECODING);
        assertThat(LocalModel.at(file("a.onnx", "")).service()).isEqualTo(Service.DETECTION);
        assertThat(LocalModel.at(file("pipeline/model_index.json", "{}").getParent())
                        .service())
                .isEqualTo(Service.GENERATION);
        assertThat(LocalModel.at(file("llm/config.json", "{}").getParent()).service())
                .isEqualTo(Service.DECODING);
        assertThat(LocalModel.at(file("genai/genai_config.json", "{}").getParent())
                        .service())
                .isEqualTo(Service.DECODING);
        assertThat(LocalModel.at(file("heights/model.onnx", "").getParent()).service())
                .isEqualTo(Service.GENERATION);
    }

    @Test
    void refusesWhatNoServiceRuns() throws IOException {
        assertRefused(folder.resolve("none"), "there is no file or folder");
        assertRefused(Files.createDirectory(folder.resolve("empty")), "holds neither config.json");
        assertRefused(file("a.bin", "GGU"), "neither a GGUF nor an ONNX file");
        assertRefused(file("model.safetensors", "x"), "name its folder");
    }

    @Test
    void onlyAnOnnxFileHasTensors() throws IOException {
        LocalModel graph = LocalModel.graphAt(file("llm/model.onnx", ""));
        assertThat(graph.service()).isEqualTo(Service.DETECTION);
        assertThat(graph.ownName()).isEqualTo("model");
        for (Path other : new Path[] {folder.resolve("llm"), folder.resolve("none.onnx"), file("a.gguf", "GGUF")}) {
            assertThatThrownBy(() -> LocalModel.graphAt(other))
                    .isInstanceOf(LaunchFailure.class)
                    .hasMessageContaining("is no ONNX file");
        }
    }

    @Test
    void makesANameOfTheFilesOwn() throws IOException {
        assertThat(LocalModel.at(file("SmolLM2 (135M).Q4_1.gguf", "GGUF")).ownName())
                .isEqualTo("SmolLM2--135M-.Q4_1");
        assertThat(LocalModel.at(file(".hidden/config.json", "").getParent()).ownName())
                .isEqualTo("hidden");
    }

    private static void assertRefused(Path path, String why) {
        assertThatThrownBy(() -> LocalModel.at(path))
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining(why);
    }
}
