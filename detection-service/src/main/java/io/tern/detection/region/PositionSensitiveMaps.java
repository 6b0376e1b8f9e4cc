package io.tern.detection.region;

/**
 * The maps of one picture: k² for each output, where an output is a class or a coordinate. The map of output d and bin
 * (i, j), row and column, is number {@code (d k + i) k + j}.
 *
 * @param values [outputs k², height, width]
 * @param bins k, of each side of a region
 */
public record PositionSensitiveMaps(float[] values, int outputs, int bins, int height, int width) {
    public PositionSensitiveMaps {
        if (outputs < 1 || bins < 1 || (long) outputs * bins * bins * height * width != values.length) {
            throw new IllegalArgumentException("values: " + values.length + " (expected: " + outputs + " * " + bins
                    + "^2 maps of " + height + " * " + width + ")");
        }
    }

    /** Where the map of an output's bin begins. */
    private int map(int output, int row, int column) {
        return ((output * bins + row) * bins + column) * height * width;
    }

    float at(int output, int row, int column, int y, int x) {
        return values[map(output, row, column) + y * width + x];
    }

    /**
     * Between the pixels of a map, whose centres are at whole numbers; the border goes on for one pixel, and beyond it
     * there is nothing: 0.
     */
    double between(int output, int row, int column, double y, double x) {
        if (!(y >= -1 && y <= height && x >= -1 && x <= width)) {
            return 0;
        }
        double insideY = Math.clamp(y, 0, height - 1);
        double insideX = Math.clamp(x, 0, width - 1);
        int top = (int) insideY;
        int left = (int) insideX;
        int bottom = Math.min(top + 1, height - 1);
        int right = Math.min(left + 1, width - 1);
        double fy = insideY - top;
        double fx = insideX - left;
        return (1 - fy) * ((1 - fx) * at(output, row, column, top, left) + fx * at(output, row, column, top, right))
                + fy * ((1 - fx) * at(output, row, column, bottom, left) + fx * at(output, row, column, bottom, right));
    }
}
