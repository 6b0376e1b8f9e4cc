package io.tern.generation.pipeline;

import java.nio.file.Path;
import java.util.List;

/** model_index.json: that the folder is a pipeline of the one kind that we run. */
final class ModelIndex {
    private static final String FILE = "model_index.json";
    private static final List<String> PIPELINES = List.of("OnnxStableDiffusionPipeline");
    private static final List<String> TOKENIZERS = List.of("BertTokenizerFast", "BertTokenizer");
    private static final List<String> GRAPHS = List.of("OnnxRuntimeModel");

    private ModelIndex() {}

    /** @return whether pictures can be encoded */
    static boolean check(Path folder) {
        ConfigFile file = ConfigFile.read(folder, FILE);
        file.oneOf("_class_name", PIPELINES);
        file.componentOneOf("scheduler", SchedulerConfig.CLASSES);
        file.componentOneOf("tokenizer", TOKENIZERS);
        for (String graph : List.of("text_encoder", "unet", "vae_decoder")) {
            file.componentOneOf(graph, GRAPHS);
        }
        // Running without a checker that the model's makers wanted would be a silent change.
        file.requireNoComponent("safety_checker");
        file.requireNoComponent("image_encoder");
        if (!file.hasComponent("vae_encoder")) {
            return false;
        }
        file.componentOneOf("vae_encoder", GRAPHS);
        return true;
    }
}
