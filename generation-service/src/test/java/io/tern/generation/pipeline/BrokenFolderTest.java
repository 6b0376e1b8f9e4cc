package io.tern.generation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.generation.EmojiModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way in which a folder can be wrong is a refusal that says what was found and what is expected. */
class BrokenFolderTest {
    private static final String SCHEDULER = "scheduler/scheduler_config.json";

    @TempDir
    Path folder;

    @BeforeEach
    void copyTheModel() throws IOException {
        try (Stream<Path> files = Files.walk(EmojiModel.FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(EmojiModel.FOLDER.relativize(file).toString());
                Files.createDirectories(target.getParent());
                link(file, target);
            }
        }
    }

    /** A copy would write 35 MB for each test; nothing here writes into a file that is there. */
    private static void link(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (IOException | UnsupportedOperationException otherFileSystem) {
            Files.copy(file, target);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model_index.json",
                SCHEDULER,
                "unet/config.json",
                "vae_decoder/config.json",
                "tokenizer/tokenizer.json",
                "text_encoder/model.onnx",
                "unet/model.onnx",
                "vae_decoder/model.onnx"
            })
    void refusesAFolderWithoutTheFile(String file) throws IOException {
        Files.delete(folder.resolve(file));
        assertRefused(file, "no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model_index.json", SCHEDULER, "unet/config.json", "tokenizer/tokenizer.json"})
    void refusesAFileThatIsNoJsonObject(String file) {
        write(file, "{\"_class_name\": ");
        assertRefused(file, "expected");
        write(file, "[1]");
        assertRefused(file, "expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text_encoder/model.onnx", "unet/model.onnx", "vae_decoder/model.onnx"})
    void refusesAFileThatIsNoGraph(String file) {
        write(file, "no graph");
        assertRefused(file, "expected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                SCHEDULER + " | DDIMScheduler | MagicScheduler | expected: DDIMScheduler, DDPMScheduler",
                SCHEDULER + " | v_prediction | flow_prediction | expected: epsilon, v_prediction, sample",
                SCHEDULER + " | trailing | sideways | expected: linspace, leading, trailing",
                SCHEDULER + " | \"linear\" | \"squaredcos_cap_v2\" | expected: linear, scaled_linear",
                SCHEDULER
                        + " | \"clip_sample_range\": 8.0 | \"clip_sample_range\": 0 | clip_sample_range: 0 (expected:"
                        + " more than 0)",
                SCHEDULER + " | \"trained_betas\": null | \"trained_betas\": [1] | expected: null",
                SCHEDULER
                        + " | \"trained_betas\": null | \"final_sigmas_type\": \"sigma_min\" | \"sigma_min\""
                        + " (expected: zero)",
                SCHEDULER
                        + " | \"trained_betas\": null | \"timestep_type\": \"continuous\" | \"continuous\" (expected:"
                        + " discrete)",
                SCHEDULER
                        + " | \"trained_betas\": null | \"interpolation_type\": \"log_linear\" | \"log_linear\""
                        + " (expected: linear)",
                SCHEDULER + " | 0.0001 | \"small\" | expected: a number",
                SCHEDULER + " | 0.0001 | -1 | expected: 0 < start <= end < 1",
                SCHEDULER + " | 1000 | 1 | num_train_timesteps: 1 (expected: 2..1000000)",
                "model_index.json | OnnxStableDiffusionPipeline | FluxPipeline | expected: StableDiffusionPipeline, ",
                "model_index.json | BertTokenizerFast | T5Tokenizer | expected: a component of class CLIPTokenizer",
                "unet/config.json | \"in_channels\": 8 | \"in_channels\": 4 | out_channels: 8 (expected: 4)",
                "unet/config.json | \"in_channels\": 8 | \"in_channels\": 0 | in_channels: 0 (expected: 1..1024)",
                "unet/config.json | \"sample_size\": 16 | \"sample_size\": 32 | FLOAT32 [?, 8, 16, 16] (expected:"
                        + " FLOAT32 or FLOAT16 [?, 8, 32, 32])",
                "unet/config.json | 384 | 768 | 384] (expected: a last dimension of 768)",
                "vae_decoder/config.json | \"sample_size\": 64 | \"sample_size\": 128 | expected: FLOAT32 or FLOAT16"
                        + " [?, 3, 128, 128]",
                "vae_decoder/config.json | \"scaling_factor\": 1.0 | \"scaling_factor\": 0 | scaling_factor: 0"
                        + " (expected: more than 0)"
            })
    void refusesAConfigurationThatItCannotFollow(String file, String from, String to, String message)
            throws IOException {
        String text = Files.readString(folder.resolve(file));
        assertThat(text).contains(from);
        write(file, text.replace(from, to == null ? "" : to));
        assertThatThrownBy(this::load).isInstanceOf(TernException.class).hasMessageContaining(message);
    }

    @Test
    void refusesGraphsInEachOthersPlaces() throws IOException {
        Path unet = folder.resolve("unet/model.onnx");
        Files.move(folder.resolve("vae_decoder/model.onnx"), unet, StandardCopyOption.REPLACE_EXISTING);
        assertRefused("unet/model.onnx: input", "latent_sample (expected: none but [sample, timestep");
    }

    private void assertRefused(String file, String message) {
        assertThatThrownBy(this::load)
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(file)
                .hasMessageContaining(message);
    }

    private void load() {
        DiffusionPipeline.load(folder, EmojiModel.INFERENCE).close();
    }

    private void write(String file, String text) {
        try {
            Files.deleteIfExists(folder.resolve(file));
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
