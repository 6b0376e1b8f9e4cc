package io.tern.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxNodeTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("tern.root")).resolve("models/golden/decoding/exported/genai-int4");

    @Test
    void readsWhatOperatorsTakeGiveAndAreSetTo() {
        List<OnnxNode> nodes = OnnxNode.read(FOLDER.resolve("model.onnx"));
        OnnxNode attention = nodes.stream()
                .filter(node -> node.type().equals("GroupQueryAttention"))
                .findFirst()
                .orElseThrow();
        assertThat(attention.inputs()).contains("past_key_values.0.key", "past_key_values.0.value", "");
        assertThat(attention.outputs()).endsWith("present.0.key", "present.0.value");
        assertThat(attention.wholes()).containsEntry("num_heads", 4L).containsEntry("kv_num_heads", 2L);
        assertThat(nodes).filteredOn(node -> node.type().equals("MatMulNBits")).hasSize(11);
    }

    @Test
    void readsWhatIsWithinBranches() {
        Path merged = FOLDER.resolveSibling("web/onnx/decoder_model_merged.onnx");
        assertThat(OnnxNode.read(merged))
                .extracting(OnnxNode::type)
                .contains("If")
                .doesNotContain("MatMul");
        assertThat(OnnxNode.readAll(merged)).extracting(OnnxNode::type).contains("If", "MatMul");
    }

    @Test
    void theGateTellsOfWhichFilesAModelIsMade() {
        assertThat(ModelGate.files(FOLDER.resolve("model.onnx")))
                .extracting(file -> file.getFileName().toString())
                .containsExactly("model.onnx", "model.onnx.data");
    }
}
