package io.tern.generation.pipeline;

import io.tern.generation.graph.ConfigFile;
import io.tern.generation.graph.Graphs;

/** What the inputs and the output of a network are called, and in which folder of the model it lies. */
enum NetworkKind {
    UNET("unet", "sample", "timestep", "out_sample") {
        @Override
        int latentStep(ConfigFile config) {
            return 1 << Math.clamp(config.length("block_out_channels") - 1L, 0, 6);
        }
    },
    TRANSFORMER("transformer", "hidden_states", "timestep", "out_sample") {
        @Override
        int latentStep(ConfigFile config) {
            return config.integer("patch_size", 1);
        }
    },
    /** A noise-conditional score network, which is told σ itself. Song and Ermon 2019, section 4.2. */
    SCORE("unet", "sample", "sigma", "score") {
        @Override
        int latentStep(ConfigFile config) {
            return UNET.latentStep(config);
        }
    },
    /** A denoiser in the coordinates of Karras et al. 2022, alone in its folder: it is told σ, and answers with the data. */
    DENOISER("", "noisy", "sigma", "denoised") {
        @Override
        int latentStep(ConfigFile config) {
            return 1;
        }
    };

    private final String folder;
    private final String sample;
    private final String level;
    private final String output;

    NetworkKind(String folder, String sample, String level, String output) {
        this.folder = folder;
        this.sample = sample;
        this.level = level;
        this.output = output;
    }

    /** Its file below the model's folder. */
    String graph() {
        return folder.isEmpty() ? Graphs.FILE : folder + "/" + Graphs.FILE;
    }

    /** Its configuration; not of {@link #DENOISER}. */
    String config() {
        return folder + "/config.json";
    }

    /** Input: the noisy sample. */
    String sample() {
        return sample;
    }

    /** Input: its level of noise. */
    String level() {
        return level;
    }

    /** What the network says of it. */
    String output() {
        return output;
    }

    /** Of how many latents a side must be a multiple. */
    abstract int latentStep(ConfigFile config);
}
