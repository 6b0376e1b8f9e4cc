package io.tern.detection.network;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.onnx.ExecutionProvider;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * ONNX Runtime and the platform threads on which its models run. Safe for several threads; close it when nothing runs any
 * more.
 */
public final class OnnxNetworks implements AutoCloseable {
    /** Models that may lie in memory twice. */
    private static final long LARGEST_TWICE = 64 << 20;

    private final OnnxRuntime runtime;
    private final ExecutionProvider provider;
    private final SessionConfig config;
    private final InferenceExecutor workers;
    private final int threads;
    private final boolean mayLoadTwice;

    /**
     * @param threads how many share the work of one inference on the CPU
     * @param workers how many inferences run at once
     * @param waiting how many calls of {@link #onWorker} may wait for a worker
     * @param device {@code auto}, {@code cpu} or {@code cuda}
     * @param cache folder for the native library
     */
    public OnnxNetworks(int threads, int workers, int waiting, String device, Path cache) {
        runtime = OnnxRuntime.open(threads, cache);
        // TF32 would move scores by more than another decoder of pictures does.
        provider = ExecutionProvider.named(device, runtime, Map.of("use_tf32", "0"));
        SessionConfig each = SessionConfig.on(provider);
        config = workers == 1 ? each : each.withSleepingThreads();
        this.workers = new InferenceExecutor(workers, waiting);
        this.threads = threads;
        mayLoadTwice = provider instanceof ExecutionProvider.Cpu && threads > 1 && workers >= threads;
    }

    /** Where the networks run: {@code cpu} or {@code cuda:0}. */
    public String device() {
        return provider.label();
    }

    /**
     * Loads a model and gives it to who knows what to make of it, and has to close it.
     *
     * @throws TernException INVALID_ARGUMENT if it is no model, or whatever {@code use} throws; nothing stays loaded then
     */
    public <T> T load(Path model, BiFunction<Network, NetworkSignature, T> use) {
        OnnxSessions sessions = sessions(model);
        try {
            Network network = new OnnxNetwork(runtime, sessions);
            NetworkSignature signature = OnnxNetwork.signature(sessions.signature());
            int rows = FixedBatchNetwork.rows(signature);
            return rows == 1
                    ? use.apply(network, signature)
                    : use.apply(new FixedBatchNetwork(network, rows), FixedBatchNetwork.ofOneRow(signature, rows));
        } catch (RuntimeException e) {
            sessions.close();
            throw e;
        }
    }

    /**
     * A model as its file has it, whatever it takes and gives. Whoever gets it closes it.
     *
     * @throws TernException INVALID_ARGUMENT if it is no model
     */
    public OnnxRawGraph loadGraph(Path model) {
        return new OnnxRawGraph(runtime, sessions(model));
    }

    private OnnxSessions sessions(Path model) {
        Session cut = runtime.load(model, config);
        if (!mayLoadTwice || model.toFile().length() > LARGEST_TWICE) {
            return OnnxSessions.of(cut);
        }
        try {
            return new OnnxSessions(cut, runtime.load(model, config.onOneThread()), () -> workers.running() >= threads);
        } catch (RuntimeException e) {
            cut.close();
            throw e;
        }
    }

    /** One session of a model, for who binds other tensors than a {@link Network} takes. */
    public <T> T loadSession(Path model, BiFunction<OnnxRuntime, Session, T> use) {
        Session session = runtime.load(model, config);
        try {
            return use.apply(runtime, session);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /**
     * Does work that runs networks, or otherwise keeps a processor busy, on one of the workers, and waits for it.
     *
     * @throws TernException OVERLOADED if too many wait, CANCELLED or DEADLINE_EXCEEDED if its turn did not come in time,
     *     and whatever the work throws
     */
    public <T> T onWorker(Supplier<T> work, Cancellation cancellation) {
        return workers.run(work, cancellation);
    }

    /** The same with another priority than that of what somebody waits for. */
    public <T> T onWorker(Supplier<T> work, Priority priority, Cancellation cancellation) {
        return workers.run(work, priority, cancellation);
    }

    /** After all networks. */
    @Override
    public void close() {
        workers.close();
        runtime.close();
    }
}
