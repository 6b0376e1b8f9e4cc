package io.tern.decoding.convert;

import io.tern.base.TernException;
import io.tern.decoding.checkpoint.WeightTensor;
import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufMetadata;
import io.tern.decoding.gguf.GgufTensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The keys of a GGUF file behind its architecture's name; remembers which of them were read. */
final class GgufSettings implements DecoderSettings {
    /** Divisors of the rotary frequencies, as Llama 3.1 has them. */
    static final String ROTARY_DIVISORS = "rope_freqs.weight";

    private static final int MAX_VOCABULARY = 1 << 22;
    private static final String SCALING = "rope.scaling.type";

    private final GgufFile file;
    private final GgufMetadata metadata;
    private final String prefix;
    private final Set<String> read = new TreeSet<>();

    GgufSettings(GgufFile file, String architecture) {
        this.file = file;
        this.metadata = file.metadata();
        this.prefix = architecture + ".";
    }

    @Override
    public boolean has(Setting setting) {
        return has(setting.ggufKey());
    }

    private boolean has(String key) {
        return metadata.has(prefix + key);
    }

    @Override
    public int whole(Setting setting, int min, int max) {
        return metadata.whole(key(setting.ggufKey()), min, max);
    }

    @Override
    public double real(Setting setting) {
        return metadata.real(key(setting.ggufKey()));
    }

    private double real(String key, double absent) {
        return has(key) ? metadata.real(key(key)) : absent;
    }

    /** The whole key, which is read now. */
    private String key(String key) {
        read.add(prefix + key);
        return prefix + key;
    }

    @Override
    public int vocabulary() {
        read.add(prefix + "vocab_size"); // says what the embedding shows
        GgufTensor embedding = file.tensor("token_embd.weight");
        TernException.require(
                embedding.rows() <= MAX_VOCABULARY,
                "GGUF rows of " + embedding.name(),
                embedding.rows(),
                "at most " + MAX_VOCABULARY);
        return (int) embedding.rows();
    }

    @Override
    public Rotary rotary(double base) {
        return new Rotary(real("rope.freq_base", base), scaling());
    }

    @Override
    public Rotary windowedRotary(double base) {
        return Rotary.plain(real("rope.freq_base_swa", base));
    }

    private RotaryScaling scaling() {
        String type = has(SCALING) ? metadata.text(key(SCALING)) : "none";
        Optional<GgufTensor> divisors = file.findTensor(ROTARY_DIVISORS);
        return switch (type) {
            case "none" -> divisors.map(GgufSettings::divisors).orElse(RotaryScaling.NONE);
            case "linear" -> new RotaryScaling.Linear(metadata.real(key("rope.scaling.factor")));
            case "yarn" -> yarn();
            default -> throw TernException.invalid("GGUF " + prefix + SCALING, type, "none, linear or yarn");
        };
    }

    private RotaryScaling yarn() {
        read.add(prefix + "rope.scaling.finetuned"); // how it was trained, not what it computes
        double factor = metadata.real(key("rope.scaling.factor"));
        double sharpening = RotaryScaling.Yarn.sharpening(factor, 1) * real("rope.scaling.attn_factor", 1);
        return new RotaryScaling.Yarn(
                factor,
                metadata.whole(key("rope.scaling.original_context_length"), 1, Integer.MAX_VALUE),
                real("rope.scaling.yarn_beta_fast", RotaryScaling.Yarn.FAST_TURNS),
                real("rope.scaling.yarn_beta_slow", RotaryScaling.Yarn.SLOW_TURNS),
                true,
                sharpening);
    }

    private static RotaryScaling divisors(WeightTensor tensor) {
        float[] divisors = new float[tensor.columns()];
        tensor.dequantizeRow(0, divisors);
        return new RotaryScaling.Divisors(divisors);
    }

    @Override
    public List<Boolean> windowed(int layers, IntPredicate usual) {
        return IntStream.range(0, layers).mapToObj(usual::test).toList();
    }

    @Override
    public Activation activation(Activation usual) {
        return usual;
    }

    /**
     * A key that nothing reads would be another network: experts, another rotary embedding, a cap.
     *
     * @param headSize which the rotary embedding turns as a whole
     */
    void requireAllRead(int headSize) {
        if (has("rope.dimension_count")) {
            int turned = metadata.whole(key("rope.dimension_count"), 1, Integer.MAX_VALUE);
            TernException.require(
                    turned == headSize,
                    "GGUF " + prefix + "rope.dimension_count",
                    turned,
                    headSize + ", the head size");
        }
        for (String key : metadata.keys()) {
            if (key.startsWith(prefix) && !read.contains(key)) {
                throw TernException.invalid("GGUF " + key, "present", "a model without it");
            }
        }
    }
}
