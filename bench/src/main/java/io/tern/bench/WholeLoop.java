package io.tern.bench;

import io.tern.onnx.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;

/**
 * What anybody has to do for a picture who has the same network and no server: the JDK's decoder, a letterbox, the network,
 * its boxes, non-maximum suppression; written once, straight on, in plain Java. Safe for several threads.
 */
final class WholeLoop {
    private static final int SIDE = NanoDetNetwork.SIDE;
    /** Blue first. */
    private static final float[] MEAN = {103.53f, 116.28f, 123.675f};

    private static final float[] DEVIATION = {57.375f, 57.12f, 58.395f};
    private static final int CLASSES = 80;
    private static final int BINS = 11;
    private static final float THRESHOLD = 0.3f;
    private static final double IOU = 0.6;

    private final NanoDetNetwork network;
    private final byte[] file;

    /** @param file a picture that the JDK reads */
    WholeLoop(NanoDetNetwork network, byte[] file) {
        this.network = network;
        this.file = file;
        ImageIO.setUseCache(false); // or each picture would go to the disk and back
    }

    /** Corners in pixels of the picture. */
    record Found(int classId, float score, double x1, double y1, double x2, double y2) {
        double iou(Found other) {
            double width = Math.min(x2, other.x2) - Math.max(x1, other.x1);
            double height = Math.min(y2, other.y2) - Math.max(y1, other.y1);
            double both = Math.max(0, width) * Math.max(0, height);
            return both / (area() + other.area() - both);
        }

        private double area() {
            return (x2 - x1) * (y2 - y1);
        }
    }

    List<Found> run() throws IOException {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(file));
        double scale = Math.min((double) SIDE / picture.getWidth(), (double) SIDE / picture.getHeight());
        int width = (int) Math.rint(picture.getWidth() * scale);
        int height = (int) Math.rint(picture.getHeight() * scale);
        int left = (SIDE - width) / 2;
        int top = (SIDE - height) / 2;
        float[] input = letterbox(picture, width, height, left, top);
        try (Arena call = Arena.ofConfined()) {
            List<Found> found = boxes(network.run(network.tensor(input, call), call));
            return suppressed(found).stream()
                    .map(box -> new Found(
                            box.classId,
                            box.score,
                            Math.clamp((box.x1 - left) / scale, 0, picture.getWidth()),
                            Math.clamp((box.y1 - top) / scale, 0, picture.getHeight()),
                            Math.clamp((box.x2 - left) / scale, 0, picture.getWidth()),
                            Math.clamp((box.y2 - top) / scale, 0, picture.getHeight())))
                    .toList();
        }
    }

    /** Three planes, bilinear, normalised. */
    private static float[] letterbox(BufferedImage picture, int width, int height, int left, int top) {
        int sourceWidth = picture.getWidth();
        int sourceHeight = picture.getHeight();
        int[] rgb = picture.getRaster().getPixels(0, 0, sourceWidth, sourceHeight, (int[]) null);
        float[] input = new float[3 * SIDE * SIDE];
        for (int channel = 0; channel < 3; channel++) {
            for (int i = 0; i < SIDE * SIDE; i++) {
                input[channel * SIDE * SIDE + i] = -MEAN[channel] / DEVIATION[channel];
            }
        }
        for (int y = 0; y < height; y++) {
            double sourceY = Math.clamp((y + 0.5) * sourceHeight / height - 0.5, 0, sourceHeight - 1);
            int y0 = (int) sourceY;
            int y1 = Math.min(y0 + 1, sourceHeight - 1);
            float fy = (float) (sourceY - y0);
            for (int x = 0; x < width; x++) {
                double sourceX = Math.clamp((x + 0.5) * sourceWidth / width - 0.5, 0, sourceWidth - 1);
                int x0 = (int) sourceX;
                int x1 = Math.min(x0 + 1, sourceWidth - 1);
                float fx = (float) (sourceX - x0);
                for (int channel = 0; channel < 3; channel++) {
                    int colour = 2 - channel;
                    float above = rgb[3 * (y0 * sourceWidth + x0) + colour] * (1 - fx)
                            + rgb[3 * (y0 * sourceWidth + x1) + colour] * fx;
                    float below = rgb[3 * (y1 * sourceWidth + x0) + colour] * (1 - fx)
                            + rgb[3 * (y1 * sourceWidth + x1) + colour] * fx;
                    float value = above * (1 - fy) + below * fy;
                    input[(channel * SIDE + top + y) * SIDE + left + x] = (value - MEAN[channel]) / DEVIATION[channel];
                }
            }
        }
        return input;
    }

    /** In pixels of the network's input. */
    private static List<Found> boxes(Map<String, Tensor> outputs) {
        List<Found> boxes = new ArrayList<>();
        for (int stride = 8; stride <= 32; stride *= 2) {
            float[] scores = values(outputs, "cls_pred_stride_" + stride);
            float[] sides = values(outputs, "dis_pred_stride_" + stride);
            int columns = SIDE / stride;
            for (int i = 0; i < scores.length; i++) {
                if (scores[i] >= THRESHOLD) {
                    int place = i / CLASSES;
                    double x = (place % columns + 0.5) * stride;
                    double y = (place / columns + 0.5) * stride;
                    int from = place * 4 * BINS;
                    boxes.add(new Found(
                            i % CLASSES,
                            scores[i],
                            Math.max(0, x - stride * mean(sides, from)),
                            Math.max(0, y - stride * mean(sides, from + BINS)),
                            Math.min(SIDE, x + stride * mean(sides, from + 2 * BINS)),
                            Math.min(SIDE, y + stride * mean(sides, from + 3 * BINS))));
                }
            }
        }
        return boxes;
    }

    private static float[] values(Map<String, Tensor> outputs, String name) {
        return Objects.requireNonNull(outputs.get(name), name).floats().toArray();
    }

    private static double mean(float[] logits, int from) {
        double sum = 0;
        double moment = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double weight = Math.exp(logits[from + bin]);
            sum += weight;
            moment += bin * weight;
        }
        return moment / sum;
    }

    private static List<Found> suppressed(List<Found> boxes) {
        List<Found> kept = new ArrayList<>();
        boxes.sort(Comparator.comparingDouble(box -> -box.score));
        for (Found box : boxes) {
            if (kept.stream().noneMatch(better -> better.classId == box.classId && better.iou(box) > IOU)) {
                kept.add(box);
            }
        }
        return kept;
    }
}
