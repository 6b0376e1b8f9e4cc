package io.tern.detection.tile;

import io.tern.base.Cancellation;
import io.tern.detection.Detection;
import io.tern.detection.DetectionOptions;
import io.tern.detection.Detector;
import io.tern.detection.PictureResult;
import io.tern.detection.StageTimes;
import io.tern.imaging.RgbImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Detects in the whole picture, where the large objects are, and in each of its tiles, where the small ones become large
 * enough for the network; then merges what was found.
 */
public final class TiledDetection {
    private final Detector detector;
    private final Tiling tiling;

    public TiledDetection(Detector detector, Tiling tiling) {
        this.detector = detector;
        this.tiling = tiling;
    }

    /** @throws io.tern.base.TernException INVALID_ARGUMENT if the tiles do not suit the picture; CANCELLED, DEADLINE_EXCEEDED */
    public PictureResult detect(RgbImage picture, DetectionOptions options, Cancellation cancellation) {
        List<Tile> tiles = tiling.layout().of(picture.width(), picture.height(), tiling.overlap());
        List<RgbImage> parts = new ArrayList<>(List.of(picture));
        tiles.forEach(tile -> parts.add(picture.crop(tile.x(), tile.y(), tile.width(), tile.height())));
        List<PictureResult> results = detector.detect(parts, options, cancellation);
        PictureResult whole = results.getFirst();
        List<Detection> found = new ArrayList<>(whole.detections());
        StageTimes times = whole.times();
        for (int i = 0; i < tiles.size(); i++) {
            Tile tile = tiles.get(i);
            PictureResult result = results.get(i + 1);
            times = times.plus(result.times());
            for (Detection one : result.detections()) {
                found.add(one.in(tile.toPicture(one.box())));
            }
        }
        // Stable: of equal scores the whole picture's is the better, then that of the earlier tile.
        found.sort(Comparator.comparing(Detection::score).reversed());
        return new PictureResult(tiling.merge().merge(found, options), times);
    }
}
