package io.tern.decoding.convert;

import java.io.IOException;
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
            return keptInInt4(checkpoint) ? Precision.INT4 : Precision.INT8;
        }
    }

    private static boolean keptInInt4(DecoderCheckpoint checkpoint) {
        return checkpoint.names().stream()
                .filter(name -> name.startsWith("blk."))
                .map(checkpoint::tensor)
                .filter(tensor -> tensor.shape().rank() == 2)
                .allMatch(Int4Blocks::keeps);
    }
}
