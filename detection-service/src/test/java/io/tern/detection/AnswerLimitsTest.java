package io.tern.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.detection.box.Box;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerLimitsTest {
    private static final Detection CAT = detection(0, 0.9f);
    private static final Detection SECOND_CAT = detection(0, 0.8f);
    private static final Detection DOG = detection(1, 0.7f);
    private static final Detection SECOND_DOG = detection(1, 0.6f);
    private static final List<Detection> FOUND = List.of(CAT, SECOND_CAT, DOG, SECOND_DOG);

    @Test
    void tellsTheBestOfEachClassAndTheBestOfThose() {
        assertThat(new AnswerLimits(100, 1000).of(FOUND)).isEqualTo(FOUND);
        assertThat(new AnswerLimits(3, 1000).of(FOUND)).containsExactly(CAT, SECOND_CAT, DOG);
        assertThat(new AnswerLimits(100, 1).of(FOUND)).containsExactly(CAT, DOG);
        assertThat(new AnswerLimits(1, 1).of(FOUND)).containsExactly(CAT);
    }

    @Test
    void refusesLimitsThatAreNone() {
        for (int wrong : new int[] {0, -1, 1001}) {
            assertRefused(() -> new AnswerLimits(wrong, 1), "max_detections");
            assertRefused(() -> new AnswerLimits(1, wrong), "max_per_class");
        }
    }

    private static void assertRefused(Runnable make, String field) {
        assertThatThrownBy(make::run)
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo(field))
                .hasMessageContaining("1..1000");
    }

    private static Detection detection(int classId, float score) {
        return new Detection(classId, "class " + classId, score, new Box(0, 0, 1, 1));
    }
}
