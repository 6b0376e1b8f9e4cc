package io.tern.embedding;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.network.OnnxRawGraph;
import io.tern.detection.network.OnnxSessions;
import io.tern.detection.network.RawGraph;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A BERT-like encoder run by ONNX Runtime: input_ids and attention_mask in, last_hidden_state out. */
public final class OnnxTokenNetwork implements TokenNetwork {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String HIDDEN = "last_hidden_state";

    private final OnnxRuntime runtime;
    private final Session session;
    private final RawGraph graph;

    private OnnxTokenNetwork(OnnxRuntime runtime, Session session) {
        this.runtime = runtime;
        this.session = session;
        this.graph = new OnnxRawGraph(runtime, OnnxSessions.of(session));
        Set<String> inputs =
                session.signature().inputs().stream().map(TensorInfo::name).collect(Collectors.toSet());
        TernException.require(inputs.equals(Set.of(IDS, MASK)), "inputs of the model", inputs, IDS + ", " + MASK);
    }

    /** @throws TernException INVALID_ARGUMENT if it is no model, or one of another kind */
    public static OnnxTokenNetwork load(OnnxNetworks networks, Path model) {
        return networks.loadSession(model, OnnxTokenNetwork::new);
    }

    @Override
    public Optional<RawGraph> graph() {
        return Optional.of(graph);
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public FloatTensor hiddenStates(List<int[]> texts, Arena arena, Cancellation cancellation) {
        int tokens = texts.getFirst().length;
        long[] ids = new long[texts.size() * tokens];
        int to = 0;
        for (int[] text : texts) {
            for (int id : text) {
                ids[to++] = id;
            }
        }
        long[] mask = new long[ids.length];
        Arrays.fill(mask, 1);
        Shape shape = Shape.of(texts.size(), tokens);
        Map<String, Tensor> inputs = Map.of(
                IDS, Tensor.copyOf(runtime, arena, shape, ids), MASK, Tensor.copyOf(runtime, arena, shape, mask));
        Map<String, Tensor> outputs = session.run(inputs, List.of(HIDDEN), arena, cancellation);
        return Objects.requireNonNull(outputs.get(HIDDEN), HIDDEN).floats();
    }
}
