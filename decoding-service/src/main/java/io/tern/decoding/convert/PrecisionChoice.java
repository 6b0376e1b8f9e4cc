package io.tern.decoding.convert;

import io.tern.decoding.checkpoint.WeightTensor;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A precision, or {@code auto}: int4 for a file whose layers it keeps exactly, else int8. */
public final class PrecisionChoice {
    private static final String AUTO = "auto";

    private final @Nullable Precision fixed;

    private PrecisionChoice(@Nullable Precision fixed) {
        this.fixed = fixed;
    }

    /** @throws io.tern.base.TernException INVALID_ARGUMENT for a name of none */
    public static PrecisionChoice of(String name) {
        return new PrecisionChoice(name.equals(AUTO) ? null : Precision.of(name));
    }

    /** The name of a precision; empty for what leaves the choice to us. */
    public static String named(String name) {
        return name.equals(AUTO) ? "" : name;
    }

    /** What was named; else what is given. */
    public Precision or(Precision ours) {
        return fixed == null ? ours : fixed;
    }

    /** @throws io.tern.base.TernException INVALID_ARGUMENT for a file that is broken or of a kind that is not built */
    public Precision of(ModelSource source) throws IOException {
        if (fixed != null) {
            return fixed;
        }
        try (DecoderCheckpoint checkpoint = source.open()) {
            List<WeightTensor> matrices = matrices(checkpoint);
            if (matrices.stream().allMatch(Int4Blocks::keeps)) {
                return Precision.INT4;
            }
            return matrices.stream().allMatch(matrix -> matrix.columns() % Int8Blocks.BLOCK == 0)
                    ? Precision.INT8
                    : Precision.FP32;
        }
    }

    /** Of the layers. */
    private static List<WeightTensor> matrices(DecoderCheckpoint checkpoint) {
        return checkpoint.names().stream()
                .filter(name -> name.startsWith("blk."))
                .map(checkpoint::tensor)
                .filter(tensor -> tensor.shape().rank() == 2)
                .toList();
    }
}
