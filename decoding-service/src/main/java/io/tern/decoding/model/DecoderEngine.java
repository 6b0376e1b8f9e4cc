package io.tern.decoding.model;

import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;

/** What all sequences of one model share: its sessions, the runs over them, and the place where calls meet. */
final class DecoderEngine implements AutoCloseable {
    private final OnnxRuntime runtime;
    private final DecoderSessions sessions;
    private final KvLayout layout;
    private final OnnxBatchRunner runner;
    private final Rendezvous rendezvous;

    /** Takes over the sessions, unless it fails. */
    DecoderEngine(
            OnnxRuntime runtime,
            DecoderSessions sessions,
            ModelInfo info,
            InferenceExecutor executor,
            BatchCounters batches) {
        this.runtime = runtime;
        this.sessions = sessions;
        this.layout = KvLayout.of(sessions.single().signature());
        this.runner = new OnnxBatchRunner(runtime, sessions, layout, info, executor);
        this.rendezvous = new Rendezvous(info.id(), runner, sessions.mostSlots(), batches);
    }

    OnnxRuntime runtime() {
        return runtime;
    }

    KvLayout layout() {
        return layout;
    }

    BatchRunner runner() {
        return runner;
    }

    Rendezvous rendezvous() {
        return rendezvous;
    }

    @Override
    public void close() {
        rendezvous.close();
        runner.close();
        sessions.close();
    }
}
