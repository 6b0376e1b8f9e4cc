package io.tern.detection.eval;

import java.util.Locale;

/**
 * The twelve numbers of COCO, 0..1; NaN where there is no object of that size.
 *
 * @param ap average precision, the mean over IoU 0.50 to 0.95
 * @param ap50 at IoU 0.50
 * @param ar1 average recall with at most one detection of a class in a picture
 */
public record CocoScores(
        double ap,
        double ap50,
        double ap75,
        double apSmall,
        double apMedium,
        double apLarge,
        double ar1,
        double ar10,
        double ar100,
        double arSmall,
        double arMedium,
        double arLarge) {

    /** One number a line: {@code AP 0.578}. */
    public String table() {
        return line("AP", ap)
                + line("AP50", ap50)
                + line("AP75", ap75)
                + line("AP small", apSmall)
                + line("AP medium", apMedium)
                + line("AP large", apLarge)
                + line("AR 1", ar1)
                + line("AR 10", ar10)
                + line("AR 100", ar100)
                + line("AR small", arSmall)
                + line("AR medium", arMedium)
                + line("AR large", arLarge);
    }

    private static String line(String name, double score) {
        return String.format(Locale.ROOT, "%-9s %s%n", name, Double.isNaN(score) ? "-" : "%.3f".formatted(score));
    }
}
