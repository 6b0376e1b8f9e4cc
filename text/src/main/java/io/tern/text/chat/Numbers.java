package io.tern.text.chat;

import java.math.BigDecimal;

/** Numbers as Python writes them. */
final class Numbers {
    private static final double PLAIN_FROM = 1e-4;
    private static final double PLAIN_BELOW = 1e16;

    private Numbers() {}

    static String text(double number) {
        double size = Math.abs(number);
        if (!Double.isFinite(number) || number == 0) {
            return Double.isNaN(number)
                    ? "nan"
                    : Double.isInfinite(number) ? (number > 0 ? "inf" : "-inf") : number + "";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(number));
        if (size >= PLAIN_FROM && size < PLAIN_BELOW) {
            String plain = shortest.stripTrailingZeros().toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        BigDecimal digits = shortest.stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        String mantissa =
                digits.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString();
        return "%se%s%02d".formatted(mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
