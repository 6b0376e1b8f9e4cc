package io.tern.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.imaging.Resampling;
import io.tern.imaging.ResamplingFilter;
import io.tern.imaging.RgbImage;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures that are enlarged and drawn over, with the shipped model. */
@Timeout(60)
class UpscaleTest {
    private static final RgbImage APPLE =
            Events.picture(new Draft("red apple").seed(3).steps(8).request());

    @Test
    void drawsOverALargerPictureMoreTheMoreStrengthItHas() {
        RgbImage plain = Resampling.resize(APPLE, 96, 96, ResamplingFilter.LANCZOS);
        RgbImage weak = Events.picture(upscaled(1.5, 0.05).request());
        RgbImage strong = Events.picture(upscaled(1.5, 0.3).request());
        assertThat(weak.width()).isEqualTo(96);
        assertThat(weak.height()).isEqualTo(96);
        assertThat(Events.distance(plain, weak)).isPositive().isLessThan(12);
        assertThat(Events.distance(plain, strong)).isGreaterThan(1.5 * Events.distance(plain, weak));
    }

    @Test
    void drawsTheSamePixelsAgainAlsoFromItsRecipe() {
        byte[] png = Events.pngs(upscaled(1.5, 0.1).request()).getFirst();
        assertThat(Events.pngs(upscaled(1.5, 0.1).request())).containsExactly(png);
        assertThat(Events.pngs(Recipe.of(png).request())).containsExactly(png);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.99, 8.01, Double.NaN})
    void refusesAFactorOutsideItsRange(double factor) {
        assertThatThrownBy(() -> new SourcePicture(APPLE, null, 1, OptionalDouble.of(factor)))
                .isInstanceOf(TernException.class)
                .hasMessageContaining("upscale: " + factor + " (expected: 1..");
    }

    @Test
    void refusesAnotherSizeThanTheEnlargedOne() {
        GenerationRequest request = upscaled(2, 0.2).size(64, 128).request();
        assertThatThrownBy(() -> EmojiModel.GENERATOR.check(request))
                .isInstanceOf(TernException.class)
                .hasMessageContaining("width: 64 (expected: absent together with upscale, or 128)");
    }

    private static Draft upscaled(double factor, double strength) {
        return new Draft("red apple")
                .seed(4)
                .steps(20)
                .source(new SourcePicture(APPLE, null, strength, OptionalDouble.of(factor)));
    }
}
