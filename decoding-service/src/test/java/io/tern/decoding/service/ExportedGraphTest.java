package io.tern.decoding.service;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportedGraphTest {
    @TempDir
    private Path folder;

    @Test
    void refusesAGraphByItsInputsAndOutputs() throws IOException {
        Path onnx = Files.createDirectory(folder.resolve("onnx"));
        Files.write(onnx.resolve("model.onnx"), model());
        assertThatThrownBy(() -> ExportedGraph.refuse(folder))
                .isInstanceOf(TernException.class)
                .hasMessageContaining("onnx/model.onnx, an ONNX graph with inputs input_ids, attention_mask"
                        + " and outputs logits, present.0.key")
                .hasMessageContaining("safetensors");
    }

    @Test
    void leavesFoldersWithCheckpointsAndWithoutGraphsAlone() throws IOException {
        assertThatCode(() -> ExportedGraph.refuse(folder)).doesNotThrowAnyException();
        Files.write(folder.resolve("model.onnx"), model());
        Files.write(folder.resolve("model.safetensors"), new byte[8]);
        assertThatCode(() -> ExportedGraph.refuse(folder)).doesNotThrowAnyException();
    }

    @Test
    void refusesABrokenGraphAsAnyModelFile() throws IOException {
        Files.write(folder.resolve("model.onnx"), new byte[] {(byte) 0xff, 1, 2});
        assertThatThrownBy(() -> ExportedGraph.refuse(folder)).isInstanceOf(TernException.class);
    }

    /** A graph (7 of the model) with inputs (11) and outputs (12), each with its name (1). */
    private static byte[] model() {
        ByteArrayOutputStream graph = new ByteArrayOutputStream();
        graph.writeBytes(field(2, "main".getBytes(StandardCharsets.UTF_8)));
        for (String input : new String[] {"input_ids", "attention_mask"}) {
            graph.writeBytes(field(11, field(1, input.getBytes(StandardCharsets.UTF_8))));
        }
        for (String output : new String[] {"logits", "present.0.key"}) {
            graph.writeBytes(field(12, field(1, output.getBytes(StandardCharsets.UTF_8))));
        }
        return field(7, graph.toByteArray());
    }

    private static byte[] field(int number, byte[] bytes) {
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        field.write(number << 3 | 2);
        field.write(bytes.length);
        field.writeBytes(bytes);
        return field.toByteArray();
    }
}
