package io.tern.detection.family;

import io.tern.base.Cancellation;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.detection.image.Resampler;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.Map;

/**
 * The contract between pictures and the input of a network.
 *
 * @param layout order of the input's dimensions
 * @param fit which part of the input the picture takes
 * @param padding value of the pixels around it, 0..255
 */
record PictureInput(
        String name, Layout layout, Fit fit, Resampler resampler, float padding, Normalization normalization) {

    /** Order of an input's dimensions: planes of colours or pixels of three values, with a batch or without. */
    enum Layout {
        NCHW,
        CHW,
        NHWC,
        HWC;

        Shape shape(long height, long width) {
            return switch (this) {
                case NCHW -> Shape.of(1, 3, height, width);
                case CHW -> Shape.of(3, height, width);
                case NHWC -> Shape.of(1, height, width, 3);
                case HWC -> Shape.of(height, width, 3);
            };
        }

        boolean hasPlanes() {
            return this == NCHW || this == CHW;
        }
    }

    PreparedPicture prepare(RgbImage picture, Arena arena, Cancellation cancellation) {
        Placement placement = fit.place(picture.width(), picture.height());
        FloatTensor input = FloatTensor.allocate(arena, layout.shape(placement.inputHeight(), placement.inputWidth()));
        placement.render(
                picture,
                resampler,
                padding,
                (layout.hasPlanes() ? normalization.planes(input) : normalization.interleaved(input))
                        .until(cancellation));
        return new PreparedPicture(Map.of(name, input), placement);
    }
}
