package io.tern.onnx;

import io.tern.base.Cancellation;
import io.tern.base.Cancellation.Registration;
import java.lang.foreign.MemorySegment;

/**
 * Ends one run, and only that one, when its cancellation or deadline comes. The run options belong to a binding and serve
 * run after run; a callback that comes late finds its run over and touches nothing. Guarded by its own lock.
 */
final class RunTermination implements AutoCloseable {
    private final OrtApi api;
    private final MemorySegment runOptions;
    private boolean running = true;
    private boolean terminated;
    private Registration onCancel = () -> {};
    private Registration onDeadline = () -> {};

    private RunTermination(OrtApi api, MemorySegment runOptions) {
        this.api = api;
        this.runOptions = runOptions;
    }

    static RunTermination watch(
            OrtApi api, MemorySegment runOptions, Cancellation cancellation, DeadlineWatch deadlines) {
        RunTermination termination = new RunTermination(api, runOptions);
        termination.onCancel = cancellation.onCancel(termination::terminate);
        long remainingNanos = cancellation.remainingNanos();
        if (remainingNanos < Long.MAX_VALUE) {
            termination.onDeadline = deadlines.after(remainingNanos, termination::terminate);
        }
        return termination;
    }

    /** ONNX Runtime looks at the flag between two nodes, so a run ends within the time of one kernel. */
    private synchronized void terminate() {
        if (running) {
            api.call(OrtFunction.RUN_OPTIONS_SET_TERMINATE, runOptions);
            terminated = true;
        }
    }

    synchronized boolean terminated() {
        return terminated;
    }

    @Override
    public void close() {
        onCancel.close();
        onDeadline.close();
        synchronized (this) {
            running = false;
            if (terminated) {
                api.call(OrtFunction.RUN_OPTIONS_UNSET_TERMINATE, runOptions);
            }
        }
    }
}
