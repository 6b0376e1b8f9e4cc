package io.tern.embedding;

import io.tern.detection.box.Box;
import io.tern.imaging.RgbImage;

/** A part of a picture as an encoder is to see it. */
public final class PicturePart {
    /** How much of the square's side an object takes, as it does in the pictures that the encoder was trained on. */
    private static final double FILLED = 0.9;

    private PicturePart() {}

    /** A square around a box, or what of it is inside the picture: an object is not stretched, and has some ground around it. */
    public static RgbImage around(RgbImage picture, Box box) {
        double half = Math.max(box.x2() - box.x1(), box.y2() - box.y1()) / (2 * FILLED);
        double x = (box.x1() + box.x2()) / 2;
        double y = (box.y1() + box.y2()) / 2;
        return touched(picture, new Box(x - half, y - half, x + half, y + half));
    }

    /** Each pixel that the box touches, and at least one. */
    public static RgbImage touched(RgbImage picture, Box box) {
        int left = Math.clamp((int) Math.floor(box.x1()), 0, picture.width() - 1);
        int top = Math.clamp((int) Math.floor(box.y1()), 0, picture.height() - 1);
        int right = Math.clamp((int) Math.ceil(box.x2()), left + 1, picture.width());
        int bottom = Math.clamp((int) Math.ceil(box.y2()), top + 1, picture.height());
        return picture.crop(left, top, right - left, bottom - top);
    }
}
