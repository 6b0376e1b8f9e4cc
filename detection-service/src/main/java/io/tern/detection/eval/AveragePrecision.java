package io.tern.detection.eval;

import io.tern.detection.Detection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Average precision and recall over labelled pictures, as COCO defines them (Lin et al. 2014) and pycocotools computes
 * them. Add all pictures, then ask for the scores. One thread at a time.
 */
public final class AveragePrecision {
    private static final int MOST_DETECTIONS = 100;
    private static final int IOUS = 10;
    private static final int RECALLS = 101;
    /** As in pycocotools, so that no detection gives 0 and not NaN. */
    private static final double EPSILON = Math.ulp(1.0);

    private final List<Picture> pictures = new ArrayList<>();
    private final Set<Integer> classes = new TreeSet<>();

    private record Picture(List<Truth> truths, List<Detection> detections) {}

    /** @param detections in any order */
    public void add(List<Truth> truths, List<Detection> detections) {
        List<Detection> sorted = new ArrayList<>(detections);
        sorted.sort(Comparator.comparing(Detection::score).reversed()); // stable
        pictures.add(new Picture(List.copyOf(truths), sorted));
        truths.forEach(truth -> classes.add(truth.classId()));
    }

    public CocoScores scores() {
        Table all = new Table(AreaRange.ALL, MOST_DETECTIONS);
        Table small = new Table(AreaRange.SMALL, MOST_DETECTIONS);
        Table medium = new Table(AreaRange.MEDIUM, MOST_DETECTIONS);
        Table large = new Table(AreaRange.LARGE, MOST_DETECTIONS);
        return new CocoScores(
                all.mean(Curve::precision),
                all.meanAt(0, Curve::precision),
                all.meanAt(5, Curve::precision),
                small.mean(Curve::precision),
                medium.mean(Curve::precision),
                large.mean(Curve::precision),
                new Table(AreaRange.ALL, 1).mean(Curve::recall),
                new Table(AreaRange.ALL, 10).mean(Curve::recall),
                all.mean(Curve::recall),
                small.mean(Curve::recall),
                medium.mean(Curve::recall),
                large.mean(Curve::recall),
                all.precisions());
    }

    /**
     * What one class has at one IoU.
     *
     * @param precision mean over the recalls 0, 0.01 .. 1
     * @param recall of all detections
     */
    private record Curve(double precision, double recall) {}

    /** The curves of all classes that have objects of a size, by class id for each IoU. */
    private final class Table {
        private final List<SortedMap<Integer, Curve>> curves = new ArrayList<>();

        Table(AreaRange range, int mostDetections) {
            for (int i = 0; i < IOUS; i++) {
                double iou = 0.5 + 0.05 * i;
                SortedMap<Integer, Curve> row = new TreeMap<>();
                for (int classId : classes) {
                    List<PictureMatches> matches = matches(classId, range, iou, mostDetections);
                    int objects =
                            matches.stream().mapToInt(PictureMatches::objects).sum();
                    if (objects > 0) {
                        row.put(classId, curve(matches, objects));
                    }
                }
                curves.add(row);
            }
        }

        double mean(ToDoubleFunction<Curve> value) {
            return curves.stream()
                    .flatMap(row -> row.values().stream())
                    .mapToDouble(value)
                    .average()
                    .orElse(Double.NaN);
        }

        double meanAt(int iou, ToDoubleFunction<Curve> value) {
            return curves.get(iou).values().stream()
                    .mapToDouble(value)
                    .average()
                    .orElse(Double.NaN);
        }

        SortedMap<Integer, Double> precisions() {
            return curves.stream()
                    .flatMap(row -> row.entrySet().stream())
                    .collect(Collectors.groupingBy(
                            Map.Entry::getKey,
                            TreeMap::new,
                            Collectors.averagingDouble(entry -> entry.getValue().precision())));
        }
    }

    private List<PictureMatches> matches(int classId, AreaRange range, double iou, int mostDetections) {
        return pictures.stream()
                .map(picture -> new PictureMatches(
                        picture.truths.stream()
                                .filter(truth -> truth.classId() == classId)
                                .toList(),
                        picture.detections.stream()
                                .filter(detection -> detection.classId() == classId)
                                .limit(mostDetections)
                                .toList(),
                        range,
                        iou))
                .toList();
    }

    private static Curve curve(List<PictureMatches> pictures, int objects) {
        List<PictureMatches.Match> matches = new ArrayList<>();
        pictures.forEach(picture -> matches.addAll(picture.matches()));
        matches.sort(Comparator.comparing(PictureMatches.Match::score).reversed()); // stable
        int count = matches.size();
        double[] recall = new double[count];
        double[] precision = new double[count];
        int correct = 0;
        for (int i = 0; i < count; i++) {
            correct += matches.get(i).correct() ? 1 : 0;
            recall[i] = (double) correct / objects;
            precision[i] = correct / (i + 1 + EPSILON);
        }
        for (int i = count - 1; i > 0; i--) {
            precision[i - 1] = Math.max(precision[i - 1], precision[i]);
        }
        double sum = 0;
        int at = 0;
        for (int step = 0; step < RECALLS; step++) {
            while (at < count && recall[at] < step * 0.01) {
                at++;
            }
            sum += at < count ? precision[at] : 0;
        }
        return new Curve(sum / RECALLS, count == 0 ? 0 : recall[count - 1]);
    }
}
