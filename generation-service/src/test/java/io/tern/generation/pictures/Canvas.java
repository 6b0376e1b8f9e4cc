package io.tern.generation.pictures;

import io.tern.imaging.RgbImage;
import io.tern.imaging.png.PngEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** White paper for points, lines and pictures. */
final class Canvas {
    private final int width;
    private final int height;
    private final byte[] rgb;

    Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        rgb = new byte[3 * width * height];
        Arrays.fill(rgb, (byte) 255);
    }

    /** @param colour 0xrrggbb; nothing is drawn beside the paper */
    void point(int x, int y, int colour) {
        if (x >= 0 && x < width && y >= 0 && y < height) {
            for (int channel = 0; channel < 3; channel++) {
                rgb[3 * (y * width + x) + channel] = (byte) (colour >> 8 * (2 - channel));
            }
        }
    }

    void line(double fromX, double fromY, double toX, double toY, int colour) {
        int steps = 1 + (int) Math.min(4000, 2 * Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY)));
        for (int i = 0; i <= steps; i++) {
            double part = (double) i / steps;
            point(
                    (int) Math.round(fromX + part * (toX - fromX)),
                    (int) Math.round(fromY + part * (toY - fromY)),
                    colour);
        }
    }

    void disc(double x, double y, int radius, int colour) {
        for (int dy = -radius; dy <= radius; dy++) {
            for (int dx = -radius; dx <= radius; dx++) {
                if (dx * dx + dy * dy <= radius * radius) {
                    point((int) Math.round(x) + dx, (int) Math.round(y) + dy, colour);
                }
            }
        }
    }

    void picture(RgbImage image, int left, int top) {
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                point(left + x, top + y, image.pixel(x, y));
            }
        }
    }

    void save(Path file) throws IOException {
        Files.write(file, PngEncoder.encode(new RgbImage(width, height, rgb)));
    }
}
