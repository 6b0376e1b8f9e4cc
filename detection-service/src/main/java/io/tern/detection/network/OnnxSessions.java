package io.tern.detection.network;

import io.tern.base.Cancellation;
import io.tern.onnx.ModelSignature;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The sessions of one model: one whose runs share all threads, which is the fastest for a run that has the machine to itself,
 * and one whose runs keep to a thread each, which is the fastest for several that have not, since an operator that is cut in
 * pieces waits for threads that are busy with another. Both give the same bits. Safe for several threads.
 */
public final class OnnxSessions implements AutoCloseable {
    private final Session cut;
    private final Session whole;
    private final BooleanSupplier isBusy;

    /**
     * Closes both when it is closed itself.
     *
     * @param cut for runs that share all threads
     * @param whole for runs that keep to a thread; may be the same
     * @param isBusy whether all threads have a run of their own
     */
    OnnxSessions(Session cut, Session whole, BooleanSupplier isBusy) {
        this.cut = cut;
        this.whole = whole;
        this.isBusy = isBusy;
    }

    /** One for all runs. */
    public static OnnxSessions of(Session session) {
        return new OnnxSessions(session, session, () -> false);
    }

    ModelSignature signature() {
        return cut.signature();
    }

    Map<String, Tensor> run(Map<String, Tensor> inputs, List<String> outputs, Arena arena, Cancellation cancellation) {
        return (isBusy.getAsBoolean() ? whole : cut).run(inputs, outputs, arena, cancellation);
    }

    @Override
    public void close() {
        cut.close();
        whole.close(); // once more where it is the same
    }
}
