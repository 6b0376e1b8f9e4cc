package io.tern.decoding.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.catalogue.ModelGate;
import io.tern.decoding.gguf.BlockType;
import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufWriter;
import io.tern.decoding.model.DecoderDevice;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.Logits;
import io.tern.decoding.model.ModelLoader;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConversionTest {
    private static final int THREADS = 2;
    private static final int[] TOKENS = {3, 77, 0, 41, 12, 12, 60, 5, 33, 79, 2};

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void givesTheLogitsOfThePlainReferenceInFp32(long seed) throws IOException {
        assertThat(relativeError(TinyLlama.tied(seed), Precision.FP32))
                .as("seed %d", seed)
                .isLessThan(1e-5);
    }

    @Test
    void usesAHeadOfItsOwnIfThereIsOne() throws IOException {
        assertThat(relativeError(TinyLlama.untied(4), Precision.FP32)).isLessThan(1e-5);
    }

    /** Random weights are the hardest: nothing of the rounding averages out as it does in a trained model. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void staysNearTheReferenceInInt8(long seed) throws IOException {
        assertThat(relativeError(TinyLlama.tied(seed), Precision.INT8))
                .as("seed %d", seed)
                .isBetween(1e-4, 0.05);
        assertThat(relativeError(TinyLlama.untied(seed), Precision.INT8)).isBetween(1e-4, 0.05);
    }

    /** Matrices that the file has in more bits lose most: 16 steps for random numbers are few. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void staysNearTheReferenceInInt4(long seed) throws IOException {
        assertThat(relativeError(TinyLlama.tied(seed), Precision.INT4))
                .as("seed %d", seed)
                .isBetween(1e-4, 0.35);
    }

    @ParameterizedTest
    @EnumSource
    void writesAModelThatPassesTheGate(Precision precision) throws IOException {
        Path gguf = TinyLlama.tied(1).writeTo(folder.resolve("tiny.gguf"));
        ConvertedModel converted =
                new ConversionCache(folder.resolve("cache")).convert(ModelSource.of(gguf), precision);
        ModelGate.check(converted.model());
    }

    @Test
    void refusesAnotherArchitectureByName() {
        assertRefused(
                new GgufWriter().text("general.architecture", "mamba"),
                "GGUF general.architecture: mamba (expected: llama, qwen2, qwen3, smollm3, phi3, granite, olmo2, gemma2, gemma3)");
    }

    @Test
    void refusesKeysThatWouldChangeTheNetwork() {
        assertRefused(
                TinyLlama.tied(1).text("llama.rope.scaling.type", "longrope"),
                "GGUF llama.rope.scaling.type: longrope (expected: the tensor rope_factors_short.weight beside it)");
        assertRefused(
                TinyLlama.tied(1).text("llama.rope.scaling.type", "dynamic"),
                "GGUF llama.rope.scaling.type: dynamic (expected: none, linear, longrope or yarn)");
        assertRefused(
                TinyLlama.tied(1).text("llama.expert_count", "8"),
                "GGUF llama.expert_count: present (expected: a model without it)");
    }

    @Test
    void refusesTensorsThatItWouldNotUse() {
        assertRefused(
                TinyLlama.tied(1).tensor("blk.0.attn_q_norm.weight", BlockType.F32, new float[1][TinyLlama.WIDTH]),
                "tensors: [GGUF tensor blk.0.attn_q_norm.weight] (expected: only those of a plain decoder)");
    }

    @Test
    void refusesATensorOfAnotherShape() {
        GgufWriter file = new GgufWriter();
        for (String key : new String[] {"block_count", "feed_forward_length", "attention.head_count"}) {
            file.whole("llama." + key, 2);
        }
        file.text("general.architecture", "llama")
                .whole("llama.context_length", 64)
                .whole("llama.embedding_length", 64)
                .real("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .tensor("token_embd.weight", BlockType.F32, new float[4][32]);
        assertRefused(file, "GGUF tensor token_embd.weight: [4, 32] (expected: [4, 64])");
        assertRefused(
                TinyLlama.tied(1).tensor("output.weight", BlockType.F32, new float[4][32]),
                "GGUF tensor output.weight: [4, 32] (expected: [80, 64])");
    }

    private void assertRefused(GgufWriter file, String message) {
        assertThatThrownBy(() -> new ConversionCache(folder.resolve("cache"))
                        .convert(ModelSource.of(file.writeTo(folder.resolve("bad.gguf"))), Precision.INT8))
                .isInstanceOf(TernException.class)
                .hasMessage(message);
    }

    private double relativeError(GgufWriter writer, Precision precision) throws IOException {
        Path gguf = writer.writeTo(folder.resolve("tiny.gguf"));
        try (OnnxRuntime runtime = OnnxRuntime.open(THREADS);
                InferenceExecutor executor = new InferenceExecutor(1, 4);
                LanguageModel model = new ModelLoader(
                                runtime, THREADS, executor, DecoderDevice.CPU, folder.resolve("cache"))
                        .load("tiny", ModelSource.of(gguf), precision, new KvBudget(1 << 20));
                KvCache cache = model.newCache(TOKENS.length);
                GgufFile file = GgufFile.open(gguf)) {
            Logits logits = model.forward(cache, TOKENS, TOKENS.length, Cancellation.none());
            return relativeError(logits, new LlamaReference(file).logits(TOKENS));
        }
    }

    /** Root of the mean square of the difference, by that of the reference. */
    private static double relativeError(Logits logits, double[][] reference) {
        double difference = 0;
        double whole = 0;
        for (int row = 0; row < reference.length; row++) {
            for (int token = 0; token < TinyLlama.VOCABULARY; token++) {
                double expected = reference[row][token];
                difference += Math.pow(logits.get(row, token) - expected, 2);
                whole += expected * expected;
            }
        }
        return Math.sqrt(difference / whole);
    }
}
