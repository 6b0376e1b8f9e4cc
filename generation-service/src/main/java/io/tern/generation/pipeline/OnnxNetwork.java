package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.generation.graph.BoundGraph;
import io.tern.generation.graph.Inference;
import io.tern.generation.score.Network;
import io.tern.onnx.Session;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The network bound to a batch of fixed shape, a row of samples for each row of the condition. For one thread at a time. */
final class OnnxNetwork implements Network, AutoCloseable {
    private final BoundGraph graph;
    private final FloatTensor sample;
    private final Timesteps timesteps;
    private final Map<String, FloatTensor> conditions = new HashMap<>();
    private final FloatTensor output;
    private final Cancellation cancellation;

    OnnxNetwork(
            Inference inference,
            Session session,
            NetworkKind kind,
            BatchShape batch,
            Arena arena,
            Cancellation cancellation) {
        this.cancellation = cancellation;
        graph = new BoundGraph(inference, session, arena);
        sample = graph.floatInput(kind.sample(), batch.sample());
        timesteps = new Timesteps(graph, session.signature().input(kind.level()), batch.rows());
        batch.condition().forEach((name, shape) -> conditions.put(name, graph.floatInput(name, shape)));
        output = graph.floatOutput(kind.output(), batch.sample());
    }

    /** The condition of all rows. */
    OnnxNetwork under(Condition condition) {
        condition.inputs().forEach((name, values) -> input(name).copyFrom(values));
        return this;
    }

    @Override
    public FloatTensor predict(FloatTensor x, double timestep) {
        sample.copyFrom(x);
        timesteps.fill(timestep);
        return run(cancellation);
    }

    /**
     * One row of a batch whose rows have little in common.
     *
     * @param timestep equal for all rows where the graph takes one alone
     */
    void put(long row, FloatTensor x, double timestep, Condition condition) {
        sample.row(row).copyFrom(x);
        timesteps.set(row, timestep);
        condition.inputs().forEach((name, values) -> input(name).row(row).copyFrom(values));
    }

    /** Runs the rows as they are now. */
    FloatTensor run(Cancellation call) {
        graph.run(call);
        return output;
    }

    private FloatTensor input(String name) {
        return Objects.requireNonNull(conditions.get(name), name);
    }

    @Override
    public void close() {
        graph.close();
    }
}
