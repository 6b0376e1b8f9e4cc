package io.tern.detection.box;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Non-maximum suppression, each class for itself: a box is dropped if a better one of its class overlaps it by more than
 * an IoU. Greedy, from the best score downwards; as in Felzenszwalb et al. 2010, section 4.4.
 */
public final class ClassWiseSuppression {
    private final double iou;
    private final int most;

    /**
     * @param iou largest overlap that two boxes of one class may have, 0..1
     * @param most how many boxes are kept in all
     */
    public ClassWiseSuppression(double iou, int most) {
        if (!(iou >= 0 && iou <= 1)) { // so that NaN fails too
            throw new IllegalArgumentException("iou: " + iou + " (expected: 0..1)");
        }
        if (most < 1) {
            throw new IllegalArgumentException("most: " + most + " (expected: at least 1)");
        }
        this.iou = iou;
        this.most = most;
    }

    /**
     * @param candidates best score first; of equal scores the earlier one is the better
     * @return indices of the candidates that are kept, in their order
     */
    public List<Integer> keep(List<ScoredBox> candidates) {
        List<Integer> kept = new ArrayList<>();
        Map<Integer, List<Box>> keptOfClass = new HashMap<>();
        for (int i = 0; i < candidates.size() && kept.size() < most; i++) {
            ScoredBox candidate = candidates.get(i);
            List<Box> better = keptOfClass.computeIfAbsent(candidate.classId(), _ -> new ArrayList<>());
            if (!overlapsAny(candidate.box(), better)) {
                kept.add(i);
                better.add(candidate.box());
            }
        }
        return kept;
    }

    private boolean overlapsAny(Box box, List<Box> better) {
        for (Box other : better) {
            if (other.iou(box) > iou) {
                return true;
            }
        }
        return false;
    }
}
