package io.tern.detection.tile;

import io.tern.base.TernException;

/**
 * Detection in parts of the picture.
 *
 * @param overlap of two neighbours, as part of a tile's side, 0..0.9: as large as the objects that are not to be cut
 */
public record Tiling(TileLayout layout, double overlap, TileMerge merge) {
    public static final double DEFAULT_OVERLAP = 0.2;
    private static final double MOST_OVERLAP = 0.9;

    /** @throws TernException INVALID_ARGUMENT for an overlap outside its range */
    public Tiling {
        TernException.require(overlap >= 0 && overlap <= MOST_OVERLAP, "tile_overlap", overlap, "0.." + MOST_OVERLAP);
    }
}
