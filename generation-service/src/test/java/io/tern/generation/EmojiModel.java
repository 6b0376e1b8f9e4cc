package io.tern.generation;

import io.tern.generation.graph.Inference;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.pipeline.DiffusionPipeline;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.SessionConfig;
import java.nio.file.Path;

/** The shipped model, loaded once for all tests of this process; it is never closed. */
public final class EmojiModel {
    private static final OnnxRuntime RUNTIME = OnnxRuntime.open(2);

    public static final Path FOLDER = Golden.root().resolve("models/emoji");
    public static final Inference INFERENCE = new Inference(RUNTIME, new InferenceExecutor(1, 64), SessionConfig.cpu());
    public static final PictureSize SIZE = new PictureSize(64, 64);
    public static final DiffusionPipeline PIPELINE = DiffusionPipeline.load(FOLDER, INFERENCE);
    public static final ImageGenerator GENERATOR = new ImageGenerator("emoji", "0".repeat(64), PIPELINE);

    private EmojiModel() {}
}
