package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.onnx.Session;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The network that denoises, a U-Net or a transformer, with the names of what it takes. Safe for many threads. */
final class Denoiser implements AutoCloseable {
    static final String OUTPUT = "out_sample";

    private static final Set<ElementType> TIMES =
            Set.of(ElementType.FLOAT32, ElementType.FLOAT64, ElementType.FLOAT16, ElementType.INT64, ElementType.INT32);

    private final Session session;
    private final String sampleInput;
    private final LatentSpace space;
    private final ConfigFile config;

    private Denoiser(Session session, String sampleInput, LatentSpace space, ConfigFile config) {
        this.session = session;
        this.sampleInput = sampleInput;
        this.space = space;
        this.config = config;
    }

    /** The network's folder: {@code transformer} where there is one. */
    static String folderName(Path folder) {
        return Files.isDirectory(folder.resolve("transformer")) ? "transformer" : "unet";
    }

    /** @param conditions that a network of its family may be told, by input name */
    static Denoiser load(Path folder, Set<String> conditions, Inference inference) {
        String name = folderName(folder);
        boolean transformer = name.equals("transformer");
        String sample = transformer ? "hidden_states" : "sample";
        ConfigFile config = ConfigFile.read(folder, name + "/config.json");
        ConfigFile decoder = ConfigFile.read(folder, "vae_decoder/config.json");
        Session session = Graphs.load(folder, name + "/model.onnx", inference, graph -> {
            List<String> known = new ArrayList<>(List.of(sample, Timesteps.INPUT));
            known.addAll(new TreeSet<>(conditions));
            graph.requireInputsOnly(known.toArray(String[]::new));
            graph.requireFloats(sample, -1, -1, -1);
            graph.requireOneOf(Timesteps.INPUT, TIMES);
            graph.requireOutput(OUTPUT, -1, -1, -1);
        });
        try {
            int latentStep = transformer
                    ? config.integer("patch_size", 1)
                    : 1 << Math.clamp(config.length("block_out_channels") - 1L, 0, 6);
            boolean fixed = session.signature().input(sample).shape().dimension(2) >= 0;
            LatentSpace space = LatentSpace.read(config, decoder, fixed, latentStep);
            GraphFile graph = new GraphFile(name + "/model.onnx", session.signature());
            graph.requireFloats(sample, space.declaredRow());
            graph.requireOutput(OUTPUT, space.declaredRow());
            return new Denoiser(session, sample, space, config);
        } catch (RuntimeException refused) {
            session.close();
            throw refused;
        }
    }

    LatentSpace space() {
        return space;
    }

    /** Its configuration, for what only one family has. */
    ConfigFile config() {
        return config;
    }

    boolean isHalfPrecision() {
        return session.signature().input(sampleInput).type() == ElementType.FLOAT16;
    }

    /** Whether it is told this. */
    boolean takes(String input) {
        return session.signature().inputs().stream()
                .anyMatch(info -> info.name().equals(input));
    }

    /**
     * That it takes vectors of this width.
     *
     * @throws TernException INVALID_ARGUMENT with the graph's own shape
     */
    void requireWidth(String input, long width) {
        TensorInfo info = session.signature().input(input);
        long declared = info.shape().dimension(info.shape().rank() - 1);
        if (declared >= 0 && declared != width) {
            throw TernException.invalid(
                    "input " + input, info.type() + " " + info.shape(), "a last dimension of " + width);
        }
    }

    /** Whether each row of a batch may have its own level of noise. */
    boolean takesTimestepOfEachRow() {
        return Timesteps.areOfEachRow(session.signature().input(Timesteps.INPUT));
    }

    /** For one use; a row of samples for each text of the condition. */
    OnnxNetwork open(Inference inference, Condition condition, Shape samples, Arena arena, Cancellation cancellation) {
        return bind(inference, BatchShape.of(samples, condition), arena, cancellation)
                .under(condition);
    }

    /** For many uses, each with a condition of its own. */
    OnnxNetwork bind(Inference inference, BatchShape batch, Arena arena, Cancellation cancellation) {
        return new OnnxNetwork(inference, session, sampleInput, batch, arena, cancellation);
    }

    @Override
    public void close() {
        session.close();
    }
}
