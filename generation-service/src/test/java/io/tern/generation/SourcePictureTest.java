package io.tern.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.generation.sampler.Samplers;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.imaging.png.PngEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures from pictures, with the shipped model. */
@Timeout(60)
class SourcePictureTest {
    private static final RgbImage APPLE = picture(new Draft("red apple").seed(3).steps(12));

    static Stream<String> samplers() {
        return Samplers.names().stream();
    }

    /** Each sampler starts from the picture: the less it may give up, the nearer it stays. */
    @ParameterizedTest
    @MethodSource("samplers")
    void staysNearerToThePictureTheLessStrengthItHas(String sampler) {
        double weak = Events.distance(APPLE, picture(edit(sampler, 0.2)));
        double strong = Events.distance(APPLE, picture(edit(sampler, 1)));
        assertThat(weak).isLessThan(16);
        assertThat(strong).isGreaterThan(1.2 * weak);
    }

    /** Each sampler leaves the known pixels exactly as they are, and draws the others. */
    @ParameterizedTest
    @MethodSource("samplers")
    void drawsWhereTheMaskIsAndNowhereElse(String sampler) {
        Mask mask = Mask.parse(PngEncoder.encode(rightHalf()));
        RgbImage drawn = picture(
                new Draft("blue frog").seed(4).steps(8).sampler(sampler).source(new SourcePicture(APPLE, mask, 1)));
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 32; x++) {
                assertThat(drawn.pixel(x, y)).isEqualTo(APPLE.pixel(x, y));
            }
        }
        assertThat(Events.distance(APPLE, drawn)).isGreaterThan(5);
    }

    @Test
    void runsTheShareOfTheStepsThatItsStrengthSays() {
        List<GenerationEvent> events = Events.of(edit("ddim", 0.5).steps(9).request());
        assertThat(events.stream().filter(GenerationEvent.StepDone.class::isInstance))
                .hasSize(4)
                .allSatisfy(event ->
                        assertThat(((GenerationEvent.StepDone) event).steps()).isEqualTo(4));
        assertThat(new SourcePicture(APPLE, null, 0.001).stepsOf(20)).isEqualTo(1);
        assertThat(new SourcePicture(APPLE, null, 1).stepsOf(20)).isEqualTo(20);
    }

    @Test
    void scalesAPictureOfAnotherSize() {
        byte[] grey = new byte[3 * 50 * 20];
        Arrays.fill(grey, (byte) 128);
        RgbImage drawn = picture(new Draft("frog").source(new SourcePicture(new RgbImage(50, 20, grey), null, 0.3)));
        assertThat(drawn.width()).isEqualTo(64);
        assertThat(Events.distance(drawn, picture(new Draft("frog")))).isPositive();
    }

    @Test
    void readsTransparentPixelsOrWhiteOnesAsAMask() {
        byte[] byColour = Mask.parse(PngEncoder.encode(rightHalf())).png();
        assertThat(ImageDecoder.decode(byColour).rgb()).isEqualTo(rightHalf().rgb());
    }

    @Test
    void refusesAMaskThatDoesNotFit() {
        byte[] rgb = new byte[3 * 8 * 8];
        Arrays.fill(rgb, (byte) 255);
        Mask small = Mask.parse(PngEncoder.encode(new RgbImage(8, 8, rgb)));
        assertRefused(() -> new SourcePicture(APPLE, small, 1), "mask: 8x8 (expected: 64x64, the picture's size)");
        byte[] black = PngEncoder.encode(new RgbImage(8, 8, new byte[3 * 8 * 8]));
        assertRefused(() -> Mask.parse(black), "mask: no pixel to draw anew");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN})
    void refusesAStrengthOutsideItsRange(double strength) {
        assertRefused(() -> new SourcePicture(APPLE, null, strength), "strength: ");
    }

    private static void assertRefused(Runnable attempt, String message) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageStartingWith(message)
                .hasMessageContaining("(expected: ");
    }

    private static Draft edit(String sampler, double strength) {
        return new Draft("green apple")
                .seed(4)
                .steps(10)
                .sampler(sampler)
                .source(new SourcePicture(APPLE, null, strength));
    }

    private static RgbImage rightHalf() {
        byte[] rgb = new byte[3 * 64 * 64];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i / 3 % 64 >= 32 ? 255 : 0);
        }
        return new RgbImage(64, 64, rgb);
    }

    private static RgbImage picture(Draft draft) {
        return Events.picture(draft.request());
    }
}
