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
    private static final String ROTARY_DIVISORS = "rope_freqs.weight";
    /** LongRoPE's divisors for texts within the original context. */
    private static final String SHORT_DIVISORS = "rope_factors_short.weight";
    /** All tensors that are a part of the rotary embedding. */
    static final Set<String> ROTARY_TENSORS = Set.of(ROTARY_DIVISORS, SHORT_DIVISORS, "rope_factors_long.weight");

    private static final int MAX_VOCABULARY = 1 << 22;
    private static final String SCALING = "rope.scaling.type";
    private static final String ORIGINAL_CONTEXT = "rope.scaling.original_context_length";
    private static final String TURNED = "rope.dimension_count";

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
    public Rotary rotary(double base, int headSize) {
        Rotary rotary = partialRotary(base, headSize);
        TernException.require(
                rotary.size() == headSize, "GGUF " + prefix + TURNED, rotary.size(), headSize + ", the head size");
        return rotary;
    }

    @Override
    public Rotary partialRotary(double base, int headSize) {
        int turned = has(TURNED) ? metadata.whole(key(TURNED), 2, headSize) : headSize;
        return new Rotary(real("rope.freq_base", base), scaling(), turned);
    }

    @Override
    public Rotary windowedRotary(double base, int headSize) {
        return Rotary.plain(real("rope.freq_base_swa", base), headSize);
    }

    private RotaryScaling scaling() {
        String type = has(SCALING) ? metadata.text(key(SCALING)) : "none";
        return switch (type) {
            case "none" -> divided();
            case "longrope" -> longRope();
            case "linear" -> new RotaryScaling.Linear(metadata.real(key("rope.scaling.factor")));
            case "yarn" -> yarn();
            default -> throw TernException.invalid("GGUF " + prefix + SCALING, type, "none, linear, longrope or yarn");
        };
    }

    private RotaryScaling longRope() {
        RotaryScaling divided = divided();
        TernException.require(
                divided != RotaryScaling.NONE,
                "GGUF " + prefix + SCALING,
                "longrope",
                "the tensor " + SHORT_DIVISORS + " beside it");
        return divided;
    }

    private RotaryScaling divided() {
        int context = whole(Setting.CONTEXT, 1, Integer.MAX_VALUE);
        int original = has(ORIGINAL_CONTEXT) ? metadata.whole(key(ORIGINAL_CONTEXT), 1, Integer.MAX_VALUE) : context;
        Optional<GgufTensor> within = file.findTensor(SHORT_DIVISORS);
        int longest = within.isPresent() ? original : Integer.MAX_VALUE;
        return within.or(() -> file.findTensor(ROTARY_DIVISORS))
                .<RotaryScaling>map(divisors ->
                        new RotaryScaling.Divisors(values(divisors), real("rope.scaling.attn_factor", 1), longest))
                .orElse(RotaryScaling.NONE);
    }

    private RotaryScaling yarn() {
        read.add(prefix + "rope.scaling.finetuned"); // how it was trained, not what it computes
        double factor = metadata.real(key("rope.scaling.factor"));
        double sharpening = RotaryScaling.Yarn.sharpening(factor, 1) * real("rope.scaling.attn_factor", 1);
        return new RotaryScaling.Yarn(
                factor,
                metadata.whole(key(ORIGINAL_CONTEXT), 1, Integer.MAX_VALUE),
                real("rope.scaling.yarn_beta_fast", RotaryScaling.Yarn.FAST_TURNS),
                real("rope.scaling.yarn_beta_slow", RotaryScaling.Yarn.SLOW_TURNS),
                true,
                sharpening);
    }

    private static float[] values(WeightTensor tensor) {
        float[] values = new float[tensor.columns()];
        tensor.dequantizeRow(0, values);
        return values;
    }

    @Override
    public List<Boolean> windowed(int layers, IntPredicate usual) {
        return IntStream.range(0, layers).mapToObj(usual::test).toList();
    }

    @Override
    public List<Boolean> turned(int layers, int interval) {
        return IntStream.range(0, layers)
                .mapToObj(layer -> (layer + 1) % interval != 0)
                .toList();
    }

    @Override
    public Activation activation(Activation usual) {
        return usual;
    }

    /** A key that nothing reads would be another network: experts, another rotary embedding, a cap. */
    void requireAllRead() {
        for (String key : metadata.keys()) {
            if (key.startsWith(prefix) && !read.contains(key)) {
                throw TernException.invalid("GGUF " + key, "present", "a model without it");
            }
        }
    }
}
