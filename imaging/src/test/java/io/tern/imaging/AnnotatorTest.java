package io.tern.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnotatorTest {
    private final RgbImage grey = new RgbImage(200, 100, filled(3 * 200 * 100, (byte) 128));

    @Test
    void drawsTheBoxAndLeavesThePictureItWasGivenAlone() {
        RgbImage drawn = Annotator.draw(grey, List.of(new Annotation(50, 40, 150, 90, "cat 0.57", 15)));
        assertThat(grey.pixel(50, 60)).isEqualTo(0x808080);
        assertThat(drawn.pixel(50, 60)).isNotEqualTo(0x808080).isEqualTo(drawn.pixel(149, 60));
        assertThat(drawn.pixel(100, 65)).as("inside").isEqualTo(0x808080);
        assertThat(drawn.pixel(10, 10)).as("outside").isEqualTo(0x808080);
        assertThat(drawn.pixel(51, 35)).as("the label above").isNotEqualTo(0x808080);
    }

    @Test
    void keepsBoxAndLabelInsideThePicture() {
        RgbImage drawn = Annotator.draw(grey, List.of(new Annotation(0, 0, 200, 100, "", 0)));
        assertThat(drawn.pixel(0, 50)).isNotEqualTo(0x808080);
        assertThat(drawn.pixel(199, 50)).isNotEqualTo(0x808080);
        Annotator.draw(
                grey, List.of(new Annotation(199, 99, 200, 100, "a label wider than the picture is".repeat(9), 0)));
    }

    @Test
    void writesTheLabelsOfEqualBoxesBelowEachOther() {
        Annotation dog = new Annotation(20, 20, 180, 90, "dog", 1);
        Annotation cat = new Annotation(20, 20, 180, 90, "cat", 0);
        RgbImage both = Annotator.draw(grey, List.of(dog, cat));
        RgbImage one = Annotator.draw(grey, List.of(cat));
        assertThat(both.pixel(21, 19)).as("the better one's label").isEqualTo(one.pixel(21, 19));
        assertThat(both.pixel(30, 23)).as("the other's label").isNotEqualTo(one.pixel(30, 23));
    }

    @Test
    void drawsEachKindInItsOwnColour() {
        RgbImage drawn = Annotator.draw(
                grey, List.of(new Annotation(0, 0, 50, 100, "", 0), new Annotation(100, 0, 150, 100, "", 1)));
        assertThat(drawn.pixel(0, 50)).isNotEqualTo(drawn.pixel(100, 50));
    }

    @Test
    void refusesABoxInsideOut() {
        assertThatThrownBy(() -> new Annotation(2, 0, 1, 1, "", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Annotation(0, Float.NaN, 1, 1, "", 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] filled(int length, byte value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, value);
        return bytes;
    }
}
