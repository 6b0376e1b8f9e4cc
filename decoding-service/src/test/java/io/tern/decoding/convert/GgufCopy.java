package io.tern.decoding.convert;

import io.tern.decoding.checkpoint.WeightTensor;
import io.tern.decoding.gguf.BlockType;
import io.tern.decoding.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes the checkpoint of a folder as the GGUF file that llama.cpp's converter would make of it. */
final class GgufCopy {
    private static final Set<Setting> REALS = EnumSet.of(
            Setting.RMS_EPSILON,
            Setting.ATTENTION_SCALE,
            Setting.SCORE_CAP,
            Setting.EMBEDDING_SCALE,
            Setting.RESIDUAL_SCALE,
            Setting.LOGIT_DIVISOR,
            Setting.LOGIT_CAP);
    /** What files of these families do not say. */
    private static final Set<Setting> UNSAID = EnumSet.of(Setting.QUERY_SCALAR, Setting.WHOLE_LAYERS);

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
            if (REALS.contains(setting) && value.isNumber()) {
                writer.real(key(setting.ggufKey()), value.floatValue());
            } else if (value.isNumber() && !UNSAID.contains(setting)) {
                writer.whole(key(setting.ggufKey()), value.intValue());
            }
        }
        Rotary rotary = design.layers().stream()
                .filter(layer -> layer.rotary().size() > 0)
                .max(Comparator.comparing(layer -> layer.rotary().base()))
                .orElseThrow()
                .rotary();
        writer.real(key("rope.freq_base"), (float) rotary.base());
        writer.whole(key("rope.dimension_count"), rotary.size());
        if (rotary.scaling() instanceof RotaryScaling.Divisors divisors) {
            writer.whole(key("rope.scaling.original_context_length"), divisors.longest());
            writer.real(key("rope.scaling.attn_factor"), (float) divisors.magnitude());
            writer.tensor("rope_factors_short.weight", BlockType.F32, new float[][] {divisors.divisors()});
            writer.tensor("rope_factors_long.weight", BlockType.F32, new float[][] {divisors.divisors()});
        } else if (rotary.scaling() != RotaryScaling.NONE) {
            writer.tensor("rope_freqs.weight", BlockType.F32, new float[][] {divisors(rotary)});
        }
        for (String name : new TreeSet<>(checkpoint.names())) {
            tensor(name, design.shape());
        }
        return writer;
    }

    private String key(String key) {
        return architecture + "." + key;
    }

    private static float[] divisors(Rotary rotary) {
        double[] scaled = rotary.frequencies();
        double[] plain = Rotary.plain(rotary.base(), rotary.size()).frequencies();
        float[] divisors = new float[scaled.length];
        for (int i = 0; i < scaled.length; i++) {
            divisors[i] = (float) (plain[i] / scaled[i]);
        }
        return divisors;
    }

    /** Alone, or where the family has one tensor for some, at the place of the last of those. */
    private void tensor(String name, DecoderShape shape) {
        boolean fused = architecture.equals("phi3");
        if (fused && name.matches(".*attn_[qkv]\\.weight")) {
            if (name.endsWith("attn_v.weight")) {
                String block = name.substring(0, name.length() - "v.weight".length());
                writer.tensor(
                        block + "qkv.weight", BlockType.F32, rows(shape, block + "q.weight", block + "k.weight", name));
            }
        } else if (fused && name.endsWith("ffn_up.weight")) {
            writer.tensor(name, BlockType.F32, rows(shape, name.replace("ffn_up", "ffn_gate"), name));
        } else if (!fused || !name.endsWith("ffn_gate.weight")) {
            writer.tensor(name, BlockType.F32, rows(shape, name));
        }
    }

    private float[][] rows(DecoderShape shape, String... names) {
        return Stream.of(names)
                .flatMap(name -> Arrays.stream(matrix(shape, name)))
                .toArray(float[][]::new);
    }

    private float[][] matrix(DecoderShape shape, String name) {
        WeightTensor tensor = checkpoint.tensor(name);
        float[][] rows = new float[(int) tensor.rows()][tensor.columns()];
        boolean turned =
                DecoderFamily.ofArchitecture(architecture).interleavedInGguf() && name.matches(".*attn_[qk]\\.weight");
        for (int row = 0; row < rows.length; row++) {
            tensor.dequantizeRow(turned ? interleaved(row, shape.headSize()) : row, rows[row]);
        }
        if (name.endsWith("norm.weight")) {
            for (int i = 0; i < rows[0].length; i++) {
                rows[0][i] += checkpoint.normOffset();
            }
        }
        return rows;
    }

    /** Which row of two halves becomes this row of the interleaved order. */
    private static int interleaved(int row, int headSize) {
        int inHead = row % headSize;
        return row - inHead + inHead % 2 * (headSize / 2) + inHead / 2;
    }
}
