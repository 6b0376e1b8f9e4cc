package io.tern.generation.latent;

import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.function.UnaryOperator;

/**
 * A map of planes that is run tile by tile, so that its memory does not grow with the plane.
 *
 * @param rows tiles of the plane from top to bottom
 * @param columns from left to right
 * @param mappedRows the same of what the map makes of the plane
 * @param mappedColumns from left to right
 */
record TiledMap(Tiles rows, Tiles columns, Tiles mappedRows, Tiles mappedColumns) {
    /**
     * @param whole [1, channels, height, width]
     * @param mapped in the size of the mapped plane; is written
     * @param map of a tile; what it gives is read before it is called again
     * @param arena owns the memory of one tile
     */
    void run(FloatTensor whole, FloatTensor mapped, UnaryOperator<FloatTensor> map, Arena arena) {
        Shape shape = Shape.of(1, whole.shape().dimension(1), rows.tile(), columns.tile());
        FloatTensor tile = FloatTensor.allocate(arena, shape);
        mapped.segment().fill((byte) 0);
        double[] rowSums = mappedRows.sums();
        double[] columnSums = mappedColumns.sums();
        for (int row = 0; row < rows.count(); row++) {
            for (int column = 0; column < columns.count(); column++) {
                cut(whole, tile, rows.start(row), columns.start(column));
                mix(map.apply(tile), mapped, row, column, rowSums, columnSums);
            }
        }
    }

    private static void cut(FloatTensor whole, FloatTensor tile, int top, int left) {
        long[] size = tile.shape().toArray();
        long height = whole.shape().dimension(2);
        long width = whole.shape().dimension(3);
        long at = 0;
        for (long c = 0; c < size[1]; c++) {
            for (long y = 0; y < size[2]; y++) {
                long source = (c * height + top + y) * width + left;
                for (long x = 0; x < size[3]; x++) {
                    tile.set(at++, whole.get(source + x));
                }
            }
        }
    }

    private void mix(FloatTensor tile, FloatTensor mapped, int row, int column, double[] rowSums, double[] columnSums) {
        int top = mappedRows.start(row);
        int left = mappedColumns.start(column);
        long at = 0;
        for (long c = 0; c < mapped.shape().dimension(1); c++) {
            for (int y = 0; y < mappedRows.tile(); y++) {
                double rowShare = mappedRows.weight(y) / rowSums[top + y];
                long target = (c * mappedRows.length() + top + y) * mappedColumns.length() + left;
                for (int x = 0; x < mappedColumns.tile(); x++) {
                    double share = rowShare * mappedColumns.weight(x) / columnSums[left + x];
                    mapped.set(target + x, (float) (mapped.get(target + x) + share * tile.get(at++)));
                }
            }
        }
    }
}
