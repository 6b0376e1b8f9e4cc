package io.tern.detection.eval;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SortedMap;

/**
 * The twelve numbers of COCO, 0..1; NaN where there is no object of that size.
 *
 * @param ap average precision, the mean over IoU 0.50 to 0.95
 * @param ap50 at IoU 0.50
 * @param ar1 average recall with at most one detection of a class in a picture
 * @param byClass average precision of each class of which there is an object, by class id
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
        double arLarge,
        SortedMap<Integer, Double> byClass) {

    /** By the names that COCO gives them, in its order. */
    public SequencedMap<String, Double> byName() {
        SequencedMap<String, Double> all = new LinkedHashMap<>();
        all.put("AP", ap);
        all.put("AP50", ap50);
        all.put("AP75", ap75);
        all.put("AP small", apSmall);
        all.put("AP medium", apMedium);
        all.put("AP large", apLarge);
        all.put("AR 1", ar1);
        all.put("AR 10", ar10);
        all.put("AR 100", ar100);
        all.put("AR small", arSmall);
        all.put("AR medium", arMedium);
        all.put("AR large", arLarge);
        return all;
    }
}
