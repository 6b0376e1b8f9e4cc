package io.tern.detection.box;

import java.util.List;

/** What is done about boxes that show one object several times. */
@FunctionalInterface
public interface Suppression {
    /**
     * @param candidates best score first; of equal scores the earlier one is the better
     * @return what is left, best score first, at most {@code most}
     */
    List<ScoredBox> apply(List<ScoredBox> candidates, int most);
}
