package io.tern.embedding;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.detection.image.AntialiasResize;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.Map;

/**
 * What an encoder of pictures takes and gives: pictures of one size, RGB in 0..1, letterboxed in grey, and a vector of each.
 *
 * @param side of the square input, in pixels
 * @param width values of a vector
 */
public record PictureContract(String input, String output, int side, int width) {
    private static final float GREY = 128;

    /** @throws TernException INVALID_ARGUMENT if the network is something else */
    public static PictureContract of(NetworkSignature signature) {
        boolean fits = signature.inputs().size() == 1
                && signature.outputs().size() == 1
                && isPicture(signature.inputs().getFirst())
                && isVector(signature.outputs().getFirst());
        TernException.require(
                fits,
                "model",
                signature.describe(),
                "an encoder of pictures: FLOAT32 [?, 3, side, side] in, FLOAT32 [?, width] out");
        Port picture = signature.inputs().getFirst();
        Port vector = signature.outputs().getFirst();
        return new PictureContract(
                picture.name(), vector.name(), (int) picture.shape().dimension(2), (int)
                        vector.shape().dimension(1));
    }

    private static boolean isPicture(Port port) {
        Shape shape = port.shape();
        return port.isFloat()
                && shape.rank() == 4
                && shape.dimension(1) == 3
                && shape.dimension(2) > 0
                && shape.dimension(2) == shape.dimension(3);
    }

    private static boolean isVector(Port port) {
        return port.isFloat() && port.rank() == 2 && port.shape().dimension(1) > 0;
    }

    /**
     * The network's inputs for one picture.
     *
     * @throws io.tern.base.TernException CANCELLED or DEADLINE_EXCEEDED, within a few rows
     */
    public Map<String, FloatTensor> prepare(RgbImage picture, Arena arena, Cancellation cancellation) {
        FloatTensor planes = FloatTensor.allocate(arena, Shape.of(1, 3, side, side));
        Placement placement = Placement.centred(picture.width(), picture.height(), side, side);
        placement.render(
                picture,
                AntialiasResize::resize,
                GREY,
                Normalization.UNIT.planes(planes).until(cancellation));
        return Map.of(input, planes);
    }
}
