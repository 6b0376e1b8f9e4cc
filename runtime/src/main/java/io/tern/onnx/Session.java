package io.tern.onnx;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * A loaded model. Many threads may run it at once, each with a {@link Binding} of its own; close its bindings and the
 * tensors that it allocated before it.
 */
public final class Session implements AutoCloseable {
    private final OnnxRuntime runtime;
    private final Handle handle;
    private final ModelSignature signature;
    private final List<String> outputNames;
    private final ExecutionProvider provider;
    private final Ports ports;
    private final SessionMemory memory;
    // Of the simple way, as making one costs more than a small run: closing its arena stops all threads for a moment.
    private final Queue<Binding> idleBindings = new ConcurrentLinkedQueue<>();

    Session(OnnxRuntime runtime, Handle handle, ModelSignature signature, ExecutionProvider provider) {
        this.runtime = runtime;
        this.handle = handle;
        this.signature = signature;
        this.outputNames = signature.outputs().stream().map(TensorInfo::name).toList();
        this.provider = provider;
        this.ports = new Ports(signature, handle.arena());
        this.memory = new SessionMemory(runtime, handle, provider);
        handle.closeWhenUnreachable(this);
    }

    public ModelSignature signature() {
        return signature;
    }

    public ExecutionProvider provider() {
        return provider;
    }

    /** A new, empty binding: one for each worker, or each slot. */
    public Binding bind() {
        return new Binding(this, runtime);
    }

    /**
     * Runs the model on what is bound, and waits for it. Call it on a platform thread, as those of
     * {@link InferenceExecutor}: a native call holds the carrier of a virtual one.
     *
     * @throws TernException CANCELLED or DEADLINE_EXCEEDED if the cancellation ended it, within the time of one kernel;
     *     INVALID_ARGUMENT if ONNX Runtime refuses an input; INTERNAL_ERROR if a kernel fails
     * @throws IllegalStateException on a virtual thread, if something is closed, or if the binding is in use
     */
    public void run(Binding binding, Cancellation cancellation) {
        if (binding.session() != this) {
            throw new IllegalArgumentException("binding: of another session");
        }
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("thread: virtual (expected: one of an InferenceExecutor)");
        }
        cancellation.throwIfCancelled();
        boolean onDevice = !(provider instanceof ExecutionProvider.Cpu);
        try {
            binding.run(cancellation, onDevice);
        } finally {
            Reference.reachabilityFence(this); // the cleaner must not see us as gone while we run
        }
    }

    /** The simple way: all inputs in, all outputs out, in host memory of the arena, which this thread may use. */
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Arena arena, Cancellation cancellation) {
        return run(inputs, outputNames, arena, cancellation);
    }

    /** The same with these outputs alone; a model may compute less then. */
    public Map<String, Tensor> run(
            Map<String, Tensor> inputs, List<String> outputs, Arena arena, Cancellation cancellation) {
        return run(inputs, outputs, arena, binding -> run(binding, cancellation));
    }

    /**
     * The simple way for a virtual thread: it binds and takes the outputs itself, so the arena may be confined to it, and
     * waits while the executor runs the model.
     *
     * @throws TernException also OVERLOADED, as {@link InferenceExecutor#run(Runnable, Cancellation)}
     */
    public Map<String, Tensor> run(
            Map<String, Tensor> inputs, Arena arena, InferenceExecutor executor, Cancellation cancellation) {
        return run(inputs, outputNames, arena, binding -> executor.run(() -> run(binding, cancellation), cancellation));
    }

    private Map<String, Tensor> run(
            Map<String, Tensor> inputs, List<String> outputs, Arena arena, Consumer<Binding> running) {
        Binding idle = idleBindings.poll();
        Binding binding = idle != null ? idle : bind();
        try {
            inputs.forEach(binding::input);
            outputs.forEach(binding::outputToHost);
            running.accept(binding);
            return binding.outputs(arena);
        } finally {
            binding.clearInputs();
            binding.clearOutputs();
            idleBindings.add(binding);
        }
    }

    /**
     * A tensor in the memory where the session's kernels run: what stays on the GPU between runs. Its contents are
     * undefined. Close its arena before the session.
     *
     * @throws TernException OVERLOADED if there is not so much memory now
     */
    public Tensor allocate(Arena arena, ElementType type, Shape shape) {
        return memory.allocate(arena, type, shape);
    }

    /** @throws IllegalStateException while a run is in flight, or bindings or device tensors of it are open */
    @Override
    public void close() {
        for (Binding idle = idleBindings.poll(); idle != null; idle = idleBindings.poll()) {
            idle.close();
        }
        handle.close();
    }

    Handle handle() {
        return handle;
    }

    Ports ports() {
        return ports;
    }

    SessionMemory memory() {
        return memory;
    }
}
