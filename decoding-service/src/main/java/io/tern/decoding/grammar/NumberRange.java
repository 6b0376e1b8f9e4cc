package io.tern.decoding.grammar;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Decimal numbers between two bounds, written without an exponent.
 *
 * @param low null: as low as fifteen digits reach
 * @param lowExcluded whether the bound itself is left out
 * @param high null: as high as fifteen digits reach
 * @param multiples which of them
 */
record NumberRange(
        @Nullable BigDecimal low,
        boolean lowExcluded,
        @Nullable BigDecimal high,
        boolean highExcluded,
        Multiples multiples) {
    private static final BigDecimal FAR = BigDecimal.TEN.pow(15).subtract(BigDecimal.ONE);

    void write(NetworkBuilder builder, int from, int to) {
        BigDecimal least = low != null ? low : FAR.negate().min(high == null ? FAR : high.subtract(FAR));
        BigDecimal most = high != null ? high : FAR.max(least.add(FAR));
        if (most.signum() >= 0) {
            boolean cut = least.signum() < 0; // at zero, which stands on this side
            new Magnitudes(cut ? BigDecimal.ZERO : least, !cut && lowExcluded, most, highExcluded, multiples)
                    .write(builder, from, to);
        }
        if (least.signum() < 0) {
            boolean cut = most.signum() >= 0;
            int minus = builder.state();
            builder.literal(from, "-", minus);
            new Magnitudes(
                            cut ? BigDecimal.ZERO : most.negate(),
                            cut || highExcluded,
                            least.negate(),
                            lowExcluded,
                            multiples)
                    .write(builder, minus, to);
        }
    }
}
