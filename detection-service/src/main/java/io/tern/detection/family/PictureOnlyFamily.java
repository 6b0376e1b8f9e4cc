package io.tern.detection.family;

import io.tern.base.Cancellation;
import io.tern.imaging.RgbImage;
import java.lang.foreign.Arena;

/** A family whose networks are given the picture and nothing else. */
interface PictureOnlyFamily extends DetectorFamily {
    PictureInput input();

    @Override
    default PreparedPicture prepare(RgbImage picture, Arena arena, Cancellation cancellation) {
        return input().prepare(picture, arena, cancellation);
    }
}
