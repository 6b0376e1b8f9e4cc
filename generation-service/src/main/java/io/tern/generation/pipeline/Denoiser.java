package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.generation.graph.ConfigFile;
import io.tern.generation.graph.GraphFile;
import io.tern.generation.graph.GraphLease;
import io.tern.generation.graph.Graphs;
import io.tern.generation.graph.Inference;
import io.tern.generation.latent.LatentSpace;
import io.tern.onnx.Session;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The network that denoises, a U-Net or a transformer, with the names of what it takes. Safe for many threads. */
final class Denoiser implements AutoCloseable {
    private static final Set<ElementType> TIMES =
            Set.of(ElementType.FLOAT32, ElementType.FLOAT64, ElementType.FLOAT16, ElementType.INT64, ElementType.INT32);

    private final GraphLease lease;
    private final Session session;
    private final NetworkKind kind;
    private final LatentSpace space;
    private final ConfigFile config;

    private Denoiser(GraphLease lease, NetworkKind kind, LatentSpace space, ConfigFile config) {
        this.lease = lease;
        this.session = lease.session();
        this.kind = kind;
        this.space = space;
        this.config = config;
    }

    /** Checked against what its family may be told, and the space that it samples in. */
    static Denoiser load(Path folder, ModelIndex.Family family, Inference inference) {
        NetworkKind kind = family.network();
        String name = kind.graph();
        ConfigFile config = family.networkConfig(folder);
        GraphLease lease = Graphs.load(folder, name, inference, graph -> {
            List<String> known = new ArrayList<>(List.of(kind.sample(), kind.level()));
            known.addAll(new TreeSet<>(family.inputs()));
            graph.requireInputsOnly(known.toArray(String[]::new));
            graph.requireFloats(kind.sample(), -1, -1, -1);
            graph.requireOneOf(kind.level(), TIMES);
            graph.requireOutput(kind.output(), -1, -1, -1);
        });
        try {
            Session session = lease.session();
            LatentSpace space = family.space(
                    folder, config, session.signature().input(kind.sample()).shape());
            GraphFile graph = new GraphFile(name, session.signature());
            graph.requireFloats(kind.sample(), space.declaredRow());
            graph.requireOutput(kind.output(), space.declaredRow());
            return new Denoiser(lease, kind, space, config);
        } catch (RuntimeException refused) {
            lease.close();
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
        return session.signature().input(kind.sample()).type() == ElementType.FLOAT16;
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
        return Timesteps.areOfEachRow(session.signature().input(kind.level()));
    }

    /** For one use; a row of samples for each text of the condition. */
    OnnxNetwork open(Inference inference, Condition condition, Shape samples, Arena arena, Cancellation cancellation) {
        return bind(inference, BatchShape.of(samples, condition), arena, cancellation)
                .under(condition);
    }

    /** For many uses, each with a condition of its own. */
    OnnxNetwork bind(Inference inference, BatchShape batch, Arena arena, Cancellation cancellation) {
        return new OnnxNetwork(inference, session, kind, batch, arena, cancellation);
    }

    @Override
    public void close() {
        lease.close();
    }
}
