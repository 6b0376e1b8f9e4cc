package io.tern.detection;

import io.tern.base.Cancellation;
import io.tern.detection.box.Box;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.family.CandidateFilter;
import io.tern.detection.family.DetectorFamily;
import io.tern.detection.family.PreparedPicture;
import io.tern.detection.image.BilinearResize;
import io.tern.detection.image.ChannelOrder;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.PixelRows;
import io.tern.detection.image.Placement;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** NanoDet 416 written a second time, slow and obvious, with one deliberate fault. */
record FaultyFamily(DetectorFamily real, Fault fault) implements DetectorFamily {
    private static final int SIZE = 416;
    private static final List<Float> MEAN = List.of(103.53f, 116.28f, 123.675f);
    private static final List<Float> DEVIATION = List.of(57.375f, 57.12f, 58.395f);

    enum Fault {
        NONE,
        CENTRE_WITHOUT_HALF,
        AREA_RESIZE,
        LETTERBOX_AT_TOP_LEFT,
        RGB,
        SCALED_TO_ONE,
        STRETCHED
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public List<String> labels() {
        return real.labels();
    }

    @Override
    public OptionalDouble overlap() {
        return real.overlap();
    }

    @Override
    public List<String> outputs() {
        return real.outputs();
    }

    @Override
    public PreparedPicture prepare(RgbImage picture, Arena arena, Cancellation cancellation) {
        Placement fit = Placement.centred(picture.width(), picture.height(), SIZE, SIZE);
        boolean topLeft = fault == Fault.LETTERBOX_AT_TOP_LEFT;
        Placement letterbox = new Placement(
                picture.width(),
                picture.height(),
                SIZE,
                SIZE,
                fit.width(),
                fit.height(),
                fit.scaleX(),
                fit.scaleY(),
                topLeft ? 0 : fit.left(),
                topLeft ? 0 : fit.top());
        Normalization normalization = switch (fault) {
            case RGB -> new Normalization(ChannelOrder.RGB, MEAN.reversed(), DEVIATION.reversed());
            case SCALED_TO_ONE -> new Normalization(ChannelOrder.BGR, List.of(0f, 0f, 0f), List.of(255f, 255f, 255f));
            default -> new Normalization(ChannelOrder.BGR, MEAN, DEVIATION);
        };
        FloatTensor planes = FloatTensor.allocate(arena, Shape.of(1, 3, SIZE, SIZE));
        PixelRows input = normalization.planes(planes);
        switch (fault) {
            case AREA_RESIZE -> letterbox.render(picture, FaultyFamily::area, 0, input);
            // The boxes are then mapped as if it were a letterbox, as who stretches by mistake would do.
            case STRETCHED -> area(picture, SIZE, SIZE, input);
            default -> letterbox.render(picture, BilinearResize::resize, 0, input);
        }
        return new PreparedPicture(Map.of("images", planes), letterbox);
    }

    /** Each pixel is the mean of the source's pixels under it, rounded. */
    private static void area(RgbImage picture, int width, int height, PixelRows scaled) {
        float[] row = new float[3 * width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    row[3 * x + c] = Math.round(areaMean(
                            picture,
                            c,
                            (double) x * picture.width() / width,
                            (double) (x + 1) * picture.width() / width,
                            (double) y * picture.height() / height,
                            (double) (y + 1) * picture.height() / height));
                }
            }
            scaled.row(y, row);
        }
    }

    private static double areaMean(RgbImage picture, int channel, double x0, double x1, double y0, double y1) {
        double sum = 0;
        for (int y = (int) y0; y < Math.min(Math.ceil(y1), picture.height()); y++) {
            for (int x = (int) x0; x < Math.min(Math.ceil(x1), picture.width()); x++) {
                double part = (Math.min(x1, x + 1) - Math.max(x0, x)) * (Math.min(y1, y + 1) - Math.max(y0, y));
                sum += part * (picture.rgb()[3 * (y * picture.width() + x) + channel] & 0xff);
            }
        }
        return sum / ((x1 - x0) * (y1 - y0));
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        double offset = fault == Fault.CENTRE_WITHOUT_HALF ? 0 : 0.5;
        List<ScoredBox> boxes = new ArrayList<>();
        for (int stride : new int[] {8, 16, 32}) {
            FloatTensor scores = outputs.get("cls_pred_stride_" + stride);
            FloatTensor distances = outputs.get("dis_pred_stride_" + stride);
            int columns = SIZE / stride;
            for (int place = 0; place < columns * columns; place++) {
                double x = (place % columns + offset) * stride;
                double y = (place / columns + offset) * stride;
                double[] d = new double[4];
                for (int side = 0; side < 4; side++) {
                    d[side] = stride * mean(distances, 44L * place + 11L * side);
                }
                Box box = new Box(x - d[0], y - d[1], x + d[2], y + d[3]).clip(SIZE, SIZE);
                for (int c = 0; c < 80; c++) {
                    float score = scores.get(80L * place + c);
                    if (score > filter.threshold()) {
                        boxes.add(new ScoredBox(box, score, c));
                    }
                }
            }
        }
        boxes.sort(Comparator.comparingDouble(box -> -box.score()));
        return boxes;
    }

    private static double mean(FloatTensor logits, long from) {
        double sum = 0;
        double moment = 0;
        for (int bin = 0; bin < 11; bin++) {
            double weight = Math.exp(logits.get(from + bin));
            sum += weight;
            moment += bin * weight;
        }
        return moment / sum;
    }
}
