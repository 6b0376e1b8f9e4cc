package io.tern.decoding.model;

import io.tern.base.TernException;
import io.tern.decoding.convert.ConvertedModel;
import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.convert.PrecisionChoice;
import io.tern.onnx.ExecutionProvider;
import io.tern.onnx.SessionConfig;
import java.io.IOException;
import java.util.List;

/**
 * Where a decoder runs.
 *
 * @param ownMemory whether keys and values are kept in memory that only its sessions reach
 */
public record DecoderDevice(ExecutionProvider provider, boolean ownMemory) {
    /** On the processor, with keys and values in ordinary memory. */
    public static final DecoderDevice CPU = of(new ExecutionProvider.Cpu());

    /** Each graph has a copy of the weights on a GPU, so there is one for a single sequence and one for many. */
    private static final List<Integer> GPU_SLOT_COUNTS = List.of(1, 8);

    public static DecoderDevice of(ExecutionProvider provider) {
        return new DecoderDevice(provider, isGpu(provider));
    }

    /** {@code cpu} or {@code cuda:0}. */
    public String label() {
        return provider.label();
    }

    /** Of sessions without weights. */
    SessionConfig config() {
        return SessionConfig.on(provider);
    }

    /** Of a model's sessions, which share its weights: what the processor's kernels for halves rearrange cannot be shared. */
    SessionConfig config(Precision precision) {
        return precision == Precision.FP16 ? config().withEntry("session.disable_prepacking", "1") : config();
    }

    List<Integer> slotCounts() {
        return isGpu(provider) ? GPU_SLOT_COUNTS : ConvertedModel.SLOT_COUNTS;
    }

    /**
     * Of a model that is to be served here, where its precision may have been left open: a GPU's attention takes float16
     * alone, and a processor would take seconds for each token.
     *
     * @throws TernException INVALID_ARGUMENT for a precision that was named and is none of this device's
     */
    Precision precision(PrecisionChoice choice, ModelSource source) throws IOException {
        boolean gpu = isGpu(provider);
        Precision wanted = gpu ? choice.or(Precision.FP16) : choice.of(source);
        TernException.require(
                gpu == (wanted == Precision.FP16),
                "precision",
                wanted.wireName() + " on " + label(),
                gpu ? "fp16" : "fp32, int8, int4 or auto");
        return wanted;
    }

    private static boolean isGpu(ExecutionProvider provider) {
        return provider instanceof ExecutionProvider.Cuda;
    }
}
