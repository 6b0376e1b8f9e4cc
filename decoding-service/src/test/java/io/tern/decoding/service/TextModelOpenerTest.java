package io.tern.decoding.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.decoding.convert.ConversionCache;
import io.tern.decoding.convert.PrecisionChoice;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.head.HeadLoader;
import io.tern.decoding.model.DecoderDevice;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.ModelLoader;
import io.tern.decoding.model.SmolLm;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.Message;
import io.tern.decoding.v1.Speculation;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.serving.BroughtModel;
import io.tern.serving.LoadedModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder of onnxruntime-genai as somebody brings it. */
@Timeout(60)
class TextModelOpenerTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("tern.root")).resolve("models/golden/decoding/exported/genai");

    @TempDir
    private Path cache;

    @Test
    void servesAnExportedGraphWithItsTextAndWithoutWhatItCannotDo() {
        try (OnnxRuntime runtime = OnnxRuntime.open(SmolLm.THREADS);
                InferenceExecutor executor = new InferenceExecutor(1, 8)) {
            TextModelOpener opener = opener(runtime, executor);
            LoadedModel<TextModel> loaded = opener.open(new BroughtModel("mine", FOLDER, ""));
            try {
                assertThat(loaded.description().getCapabilitiesList()).containsExactly("chat", "completion");
                assertThat(loaded.description().getPrecision()).isEqualTo("fp32");
                assertThat(loaded.description().getContextLength()).isEqualTo(241);
                TextModel model = loaded.model();
                assertThat(model.resolve(chat().build()).prompt()).isNotEmpty();
                assertThat(model.drafters().has(DrafterKind.RETRIEVAL)).isTrue();
                assertRefused(model, Speculation.newBuilder().setDrafter("eagle"), "speculation.drafter: eagle");
                assertRefused(model, Speculation.newBuilder().setTree(true), "speculation.tree: true");
            } finally {
                loaded.close().run();
            }
            assertThatThrownBy(() -> opener.open(new BroughtModel("mine", FOLDER, "int8")))
                    .isInstanceOf(TernException.class)
                    .hasMessageContaining("precision: int8");
        }
    }

    private TextModelOpener opener(OnnxRuntime runtime, InferenceExecutor executor) {
        KvBudget budget = new KvBudget(1 << 20);
        ModelLoader loader = new ModelLoader(runtime, SmolLm.THREADS, executor, DecoderDevice.CPU, cache);
        HeadLoader heads = new HeadLoader(runtime, executor, new ConversionCache(cache));
        DrafterOpener drafters = new DrafterOpener(loader, heads, budget, cache.resolve("none"));
        return new TextModelOpener(loader, drafters, PrecisionChoice.of("int8"), KvCacheType.FULL, budget);
    }

    private static GenerateRequest.Builder chat() {
        return GenerateRequest.newBuilder()
                .addMessages(Message.newBuilder().setRole("user").setContent("hello"))
                .setMaxTokens(4);
    }

    private static void assertRefused(TextModel model, Speculation.Builder speculation, String refusal) {
        assertThatThrownBy(
                        () -> model.resolve(chat().setSpeculation(speculation).build()))
                .isInstanceOf(TernException.class)
                .hasMessageContaining(refusal);
    }
}
