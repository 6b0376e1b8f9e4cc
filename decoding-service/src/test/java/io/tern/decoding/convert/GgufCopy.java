package io.tern.decoding.convert;

import io.tern.decoding.checkpoint.WeightTensor;
import io.tern.decoding.gguf.BlockType;
import io.tern.decoding.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes the checkpoint of a folder as the GGUF file that llama.cpp's converter would make of it. */
final class GgufCopy {
    private final JsonNode config;
    private final DecoderCheckpoint checkpoint;
    private final GgufWriter writer = new GgufWriter();
    private final String architecture;

    private GgufCopy(JsonNode config, DecoderCheckpoint checkpoint) {
        this.config = config;
        this.checkpoint = checkpoint;
        this.architecture =
                config.get("model_type").asString().replace("_text", "").replace("mistral", "llama");
    }

    static Path of(Path folder, Path file) throws IOException {
        JsonNode config = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("config.json")));
        try (DecoderCheckpoint checkpoint = FolderCheckpoint.open(folder)) {
            return new GgufCopy(config, checkpoint).writer().writeTo(file);
        }
    }

    private GgufWriter writer() {
        DecoderDesign design = checkpoint.design();
        writer.text("general.architecture", architecture);
        for (Setting setting : Setting.values()) {
            JsonNode value = config.path(setting.configKey());
            if (setting == Setting.RMS_EPSILON) {
                writer.real(key(setting.ggufKey()), value.floatValue());
            } else if (value.isNumber() && setting != Setting.QUERY_SCALAR) {
                writer.whole(key(setting.ggufKey()), value.intValue());
            }
        }
        writer.real(key("rope.freq_base"), (float) design.rotary().base());
        if (design.rotary().scaling() != RotaryScaling.NONE) {
            divisors(design);
        }
        for (String name : new TreeSet<>(checkpoint.names())) {
            tensor(name, checkpoint.tensor(name), design.shape());
        }
        return writer;
    }

    private String key(String key) {
        return architecture + "." + key;
    }

    private void divisors(DecoderDesign design) {
        int size = design.shape().headSize();
        double[] scaled = design.rotary().frequencies(size);
        double[] plain = Rotary.plain(design.rotary().base()).frequencies(size);
        float[][] divisors = new float[1][scaled.length];
        for (int i = 0; i < scaled.length; i++) {
            divisors[0][i] = (float) (plain[i] / scaled[i]);
        }
        writer.tensor("rope_freqs.weight", BlockType.F32, divisors);
    }

    private void tensor(String name, WeightTensor tensor, DecoderShape shape) {
        float[][] rows = new float[(int) tensor.rows()][tensor.columns()];
        boolean turned = architecture.equals("llama") && name.matches(".*attn_[qk]\\.weight");
        for (int row = 0; row < rows.length; row++) {
            tensor.dequantizeRow(turned ? interleaved(row, shape.headSize()) : row, rows[row]);
        }
        if (name.endsWith("norm.weight")) {
            for (int i = 0; i < rows[0].length; i++) {
                rows[0][i] += checkpoint.normOffset();
            }
        }
        writer.tensor(name, BlockType.F32, rows);
    }

    /** Which row of two halves becomes this row of the interleaved order. */
    private static int interleaved(int row, int headSize) {
        int inHead = row % headSize;
        return row - inHead + inHead % 2 * (headSize / 2) + inHead / 2;
    }
}
