package io.tern.generation.pipeline;

import io.tern.generation.graph.ConfigFile;
import io.tern.generation.graph.Graphs;
import io.tern.generation.graph.Inference;
import io.tern.generation.latent.LatentSpace;
import io.tern.generation.latent.PictureCodec;
import io.tern.tensor.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * model_index.json: which family of pipelines a folder is.
 *
 * @param encodesPictures whether a latent model has an encoder for pictures
 * @param zeroesEmptyTexts for {@link TwoEncoders}
 */
record ModelIndex(Family family, boolean encodesPictures, boolean zeroesEmptyTexts) {
    private static final Logger log = LoggerFactory.getLogger(ModelIndex.class);
    private static final String FILE = "model_index.json";
    private static final List<String> TOKENIZERS =
            List.of("CLIPTokenizer", "CLIPTokenizerFast", "BertTokenizerFast", "BertTokenizer");

    /** What distinguishes pipelines: how texts reach the network, and what its samples are. */
    enum Family {
        STABLE_DIFFUSION(
                NetworkKind.UNET, CrossAttention.INPUTS, "StableDiffusionPipeline", "LatentConsistencyModelPipeline") {
            @Override
            Conditioner conditioner(Path folder, Denoiser denoiser, ModelIndex index, Inference inference) {
                return CrossAttention.load(folder, denoiser, inference);
            }
        },
        STABLE_DIFFUSION_XL(NetworkKind.UNET, TwoEncoders.INPUTS, "StableDiffusionXLPipeline") {
            @Override
            Conditioner conditioner(Path folder, Denoiser denoiser, ModelIndex index, Inference inference) {
                return TwoEncoders.load(folder, denoiser, index.zeroesEmptyTexts(), inference);
            }
        },
        STABLE_DIFFUSION_3(NetworkKind.TRANSFORMER, JointAttention.INPUTS, "StableDiffusion3Pipeline") {
            @Override
            Conditioner conditioner(Path folder, Denoiser denoiser, ModelIndex index, Inference inference) {
                return JointAttention.load(folder, denoiser, inference);
            }
        },
        /** Song et al. 2021, the variance-exploding one: no text, and samples that are pictures in [0, 1]. */
        SCORE_SDE_VE(NetworkKind.SCORE, Set.of(), "ScoreSdeVePipeline") {
            @Override
            boolean hasTokenizer() {
                return false;
            }

            @Override
            Conditioner conditioner(Path folder, Denoiser denoiser, ModelIndex index, Inference inference) {
                return new Unconditional();
            }

            @Override
            LatentSpace space(Path folder, ConfigFile network, Shape sample) {
                return LatentSpace.ofPixels(network, isFixed(sample), network().latentStep(network));
            }

            @Override
            PictureCodec codec(Path folder, LatentSpace space, ModelIndex index, Inference inference) {
                return PictureCodec.ofPixels(space);
            }
        },
        /** Heights of terrains by a number: a consistency model, one graph alone. Song et al. 2023, section 3. */
        HEIGHTFIELD(NetworkKind.DENOISER, Difficulty.INPUTS) {
            @Override
            boolean hasTokenizer() {
                return false;
            }

            @Override
            SchedulerConfig scheduler(Path folder) {
                return SchedulerConfig.consistency(HEIGHTFIELD_LEAST_SIGMA, HEIGHTFIELD_MOST_SIGMA);
            }

            @Override
            ConfigFile networkConfig(Path folder) {
                return ConfigFile.empty(Graphs.FILE);
            }

            @Override
            Conditioner conditioner(Path folder, Denoiser denoiser, ModelIndex index, Inference inference) {
                return Difficulty.of(denoiser);
            }

            @Override
            LatentSpace space(Path folder, ConfigFile network, Shape sample) {
                return LatentSpace.ofHeights(sample);
            }

            @Override
            PictureCodec codec(Path folder, LatentSpace space, ModelIndex index, Inference inference) {
                return PictureCodec.ofHeights();
            }
        };

        // As adaptive-terrain-diffusion has them; the graph does not say.
        private static final double HEIGHTFIELD_LEAST_SIGMA = 0.002;
        private static final double HEIGHTFIELD_MOST_SIGMA = 80;

        private final NetworkKind network;
        private final Set<String> inputs;
        private final List<String> classes;

        Family(NetworkKind network, Set<String> inputs, String... classes) {
            this.network = network;
            this.inputs = inputs;
            this.classes = List.of(classes);
        }

        NetworkKind network() {
            return network;
        }

        boolean hasTokenizer() {
            return true;
        }

        /** What its network may be told beside the sample and its level. */
        Set<String> inputs() {
            return inputs;
        }

        abstract Conditioner conditioner(Path folder, Denoiser denoiser, ModelIndex index, Inference inference);

        /** How its noise is spread, and how it is drawn. */
        SchedulerConfig scheduler(Path folder) {
            return SchedulerConfig.read(folder);
        }

        ConfigFile networkConfig(Path folder) {
            return ConfigFile.read(folder, network.config());
        }

        /** @param sample as the graph declares it */
        LatentSpace space(Path folder, ConfigFile config, Shape sample) {
            ConfigFile decoder = ConfigFile.read(folder, "vae_decoder/config.json");
            return LatentSpace.read(config, decoder, isFixed(sample), network.latentStep(config));
        }

        /** Whether the network takes one size alone. */
        private static boolean isFixed(Shape sample) {
            return sample.dimension(2) >= 0;
        }

        PictureCodec codec(Path folder, LatentSpace space, ModelIndex index, Inference inference) {
            return PictureCodec.ofLatents(folder, space, index.encodesPictures(), inference);
        }
    }

    /** Of a folder; one without this file that holds a graph alone is a heightfield, which its inputs are checked for. */
    static ModelIndex read(Path folder) {
        if (!Files.exists(folder.resolve(FILE)) && Files.exists(folder.resolve(Graphs.FILE))) {
            return new ModelIndex(Family.HEIGHTFIELD, false, false);
        }
        ConfigFile file = ConfigFile.read(folder, FILE);
        Family family = file.oneOf("_class_name", Family.values(), ModelIndex::isNamed, names());
        file.componentOneOf("scheduler", SchedulerConfig.CLASSES);
        if (family.hasTokenizer()) {
            file.componentOneOf("tokenizer", TOKENIZERS);
        }
        // They change what is drawn, and nothing here runs them.
        file.requireNoComponent("image_encoder");
        file.requireNoComponent("text_encoder_3");
        if (file.hasComponent("safety_checker")) {
            log.warn("the model in {} comes with a safety checker, which is not run here", folder.getFileName());
        }
        return new ModelIndex(
                family, file.hasComponent("vae_encoder"), file.flag("force_zeros_for_empty_prompt", true));
    }

    private static String names() {
        return Arrays.stream(Family.values())
                .flatMap(family -> family.classes.stream())
                .collect(Collectors.joining(", "));
    }

    /** Exporters put their name before the class. */
    private static boolean isNamed(Family family, String className) {
        String plain = className.startsWith("Onnx")
                ? className.substring(4)
                : className.startsWith("ORT") ? className.substring(3) : className;
        return family.classes.contains(plain);
    }
}
