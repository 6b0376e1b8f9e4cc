package io.tern.detection.box;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Suppresses the boxes of each class for themselves. */
record ClassWise(Suppression inClass) implements Suppression {
    @Override
    public List<ScoredBox> apply(List<ScoredBox> candidates, int most) {
        Map<Integer, List<ScoredBox>> classes = new TreeMap<>();
        for (ScoredBox candidate : candidates) {
            classes.computeIfAbsent(candidate.classId(), _ -> new ArrayList<>()).add(candidate);
        }
        return classes.values().stream()
                .flatMap(ofClass -> inClass.apply(ofClass, most).stream())
                .sorted(Comparator.comparingDouble(box -> -box.score())) // stable, so of equal scores the lower class
                .limit(most)
                .toList();
    }
}
