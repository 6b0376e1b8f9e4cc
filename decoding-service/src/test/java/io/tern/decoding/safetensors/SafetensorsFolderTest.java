package io.tern.decoding.safetensors;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFolderTest {
    @Test
    void namesTheFileThatIsMissing(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), """
                {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}""");
        Files.createFile(folder.resolve("model-00001-of-00002.safetensors"));
        assertThatThrownBy(() -> SafetensorsFolder.files(folder))
                .isInstanceOf(TernException.class)
                .hasMessage("model.safetensors.index.json: model-00002-of-00002.safetensors is missing"
                        + " (expected: all files that it names)");
    }
}
