package io.tern.detection.tile;

import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a picture is cut: in so many columns and rows, or in squares of so many pixels. */
public sealed interface TileLayout {
    int MOST_TILES = 64;
    String EXPECTED = "COLUMNSxROWS as 2x2, each 1..16, or a size in pixels as 640";
    Pattern GRID = Pattern.compile("(\\d{1,3})x(\\d{1,3})");
    Pattern SIDE = Pattern.compile("\\d{1,6}");

    /** @throws TernException INVALID_ARGUMENT if it is none */
    static TileLayout parse(String text) {
        Matcher grid = GRID.matcher(text);
        if (grid.matches()) {
            return new Grid(Integer.parseInt(grid.group(1)), Integer.parseInt(grid.group(2)));
        }
        TernException.require(SIDE.matcher(text).matches(), "tiles", text, EXPECTED);
        return new Squares(Integer.parseInt(text));
    }

    /**
     * @param overlap of two neighbours, as part of a tile's side, 0..0.9
     * @throws TernException INVALID_ARGUMENT if the tiles do not suit the picture
     */
    List<Tile> of(int width, int height, double overlap);

    /** Tiles as large as it takes to cover the picture with so many. */
    record Grid(int columns, int rows) implements TileLayout {
        private static final int MOST_A_SIDE = 16;

        public Grid {
            boolean fits = 1 <= columns && columns <= MOST_A_SIDE && 1 <= rows && rows <= MOST_A_SIDE;
            TernException.require(
                    fits && columns * rows <= MOST_TILES,
                    "tiles",
                    columns + "x" + rows,
                    EXPECTED + ", at most " + MOST_TILES + " in all");
        }

        @Override
        public List<Tile> of(int width, int height, double overlap) {
            TernException.require(
                    columns <= width && rows <= height,
                    "tiles",
                    columns + "x" + rows,
                    "no more than the picture has pixels, " + width + " x " + height);
            return TileLayout.grid(
                    starts(width, side(width, columns, overlap), columns),
                    starts(height, side(height, rows, overlap), rows),
                    side(width, columns, overlap),
                    side(height, rows, overlap));
        }

        /** n tiles of side s, each but the first covering (1 - overlap) s anew, cover the length. */
        private static int side(int length, int count, double overlap) {
            return Math.min(length, (int) Math.ceil(length / (count - (count - 1) * overlap)));
        }
    }

    /** Squares of a fixed side; of a picture that is lower or narrower, as much as there is. */
    record Squares(int side) implements TileLayout {
        public Squares {
            TernException.require(side >= 1, "tiles", side, EXPECTED);
        }

        @Override
        public List<Tile> of(int width, int height, double overlap) {
            TernException.require(
                    side <= Math.max(width, height),
                    "tiles",
                    side,
                    "no larger than the picture, " + width + " x " + height);
            int tileWidth = Math.min(side, width);
            int tileHeight = Math.min(side, height);
            int columns = count(width, tileWidth, overlap);
            int rows = count(height, tileHeight, overlap);
            TernException.require(
                    (long) columns * rows <= MOST_TILES,
                    "tiles",
                    side + " (" + columns + " x " + rows + " tiles)",
                    "at most " + MOST_TILES + " tiles");
            return TileLayout.grid(
                    starts(width, tileWidth, columns), starts(height, tileHeight, rows), tileWidth, tileHeight);
        }

        private static int count(int length, int side, double overlap) {
            double step = Math.max(1, side * (1 - overlap));
            return 1 + (int) Math.ceil((length - side) / step);
        }
    }

    private static List<Tile> grid(int[] lefts, int[] tops, int width, int height) {
        List<Tile> tiles = new ArrayList<>();
        for (int top : tops) {
            for (int left : lefts) {
                tiles.add(new Tile(left, top, width, height));
            }
        }
        return tiles;
    }

    /** Evenly from the first pixel to the last. */
    private static int[] starts(int length, int side, int count) {
        int[] starts = new int[count];
        for (int i = 1; i < count; i++) {
            starts[i] = (int) Math.round((double) i * (length - side) / (count - 1));
        }
        return starts;
    }
}
