package io.tern.detection.tile;

import io.tern.detection.box.Box;

/** A rectangle of a picture, in its pixels. */
record Tile(int x, int y, int width, int height) {
    /** A box of the tile in pixels of the picture. */
    Box toPicture(Box box) {
        return new Box(box.x1() + x, box.y1() + y, box.x2() + x, box.y2() + y);
    }
}
