package io.tern.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxGraphTest {
    @TempDir
    private Path folder;

    /** The one exporter has a module's name in that of the node, the other in its metadata, beside much else. */
    @Test
    void tellsTheModulesThatNodesComeFrom() throws IOException {
        byte[] traced = joined(text(3, "/m/decoder/query_scale/MatMul"), text(4, "MatMul"));
        byte[] scoped = joined(
                text(3, "node_linear_24"),
                text(4, "Gemm"),
                message(9, joined(text(1, "namespace"), text(2, "left alone"))),
                message(9, joined(text(1, "pkg.torch.onnx.name_scopes"), text(2, "['', 'm.ref_point_head']"))));
        byte[] stored = message(5, text(8, "m.weight"));
        byte[] graph = joined(message(1, traced), message(1, scoped), stored);
        OnnxGraph read = OnnxGraph.read(Files.write(folder.resolve("m.onnx"), message(7, graph)));
        assertThat(read.parts()).contains("m.weight", ".m.decoder.query_scale.MatMul", "['', 'm.ref_point_head']");
        assertThat(read.parts()).doesNotContain("left alone");
        assertThat(read.operators()).containsExactlyInAnyOrder("MatMul", "Gemm");
    }

    private static byte[] text(int field, String text) {
        return message(field, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Shorter than 16 kB. */
    private static byte[] message(int field, byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(field << 3 | 2);
        out.write(bytes.length & 0x7f | 0x80);
        out.write(bytes.length >> 7);
        out.writeBytes(bytes);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
