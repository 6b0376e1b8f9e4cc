package io.tern.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final List<String> LABELS = List.of("person", "bicycle", "car", "cat", "dog", "cell phone");

    @Test
    void refusesThresholdsThatAreNone() {
        for (float wrong : new float[] {Float.NaN, -0.1f, 1.1f, Float.POSITIVE_INFINITY}) {
            assertRefused(() -> new DetectionOptions(wrong, 0.6, ClassFilter.all(), 100), "threshold");
            assertRefused(() -> new DetectionOptions(0.3f, wrong, ClassFilter.all(), 100), "iou");
        }
        for (int wrong : new int[] {0, -1, 1001}) {
            assertRefused(() -> new DetectionOptions(0.3f, 0.6, ClassFilter.all(), wrong), "max_detections");
        }
    }

    @Test
    void takesClassesByName() {
        ClassFilter filter = ClassFilter.of(List.of("dog", "cat", "dog"), LABELS);
        assertThat(filter.ids()).containsExactlyInAnyOrder(3, 4);
        assertThat(filter.test(3)).isTrue();
        assertThat(filter.test(0)).isFalse();
        assertThat(ClassFilter.of(List.of(), LABELS).test(0)).isTrue();
    }

    @Test
    void namesTheNearestClassesForOneThatIsNotThere() {
        assertThatThrownBy(() -> ClassFilter.of(List.of("cat", "kat"), LABELS))
                .hasMessage("classes: kat (expected: classes of the model; nearest: cat, car, dog)");
        assertThatThrownBy(() -> ClassFilter.of(List.of("Cellphone"), LABELS))
                .hasMessageContaining("nearest: cell phone");
        assertThatThrownBy(() -> ClassFilter.of(List.of("x".repeat(1_000_000)), LABELS))
                .isInstanceOf(TernException.class);
    }

    private static void assertRefused(Runnable make, String field) {
        assertThatThrownBy(make::run)
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo(field));
    }
}
