package io.tern.detection.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BoxTest {
    private final Box box = new Box(0, 0, 10, 10);

    @Test
    void overlapsItselfWhollyAndAStrangerNotAtAll() {
        assertThat(box.iou(box)).isEqualTo(1);
        assertThat(box.iou(new Box(10, 10, 20, 20))).isZero();
        assertThat(box.iou(new Box(5, 0, 15, 10))).isEqualTo(50.0 / 150);
    }

    @Test
    void definesTheOverlapOfBoxesWithoutArea() {
        Box point = new Box(3, 3, 3, 3);
        assertThat(point.iou(point)).isZero();
        assertThat(point.iou(box)).isZero();
    }

    @Test
    void refusesBoxesInsideOutAndNaN() {
        assertThatThrownBy(() -> new Box(1, 0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Box(0, Double.NaN, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
