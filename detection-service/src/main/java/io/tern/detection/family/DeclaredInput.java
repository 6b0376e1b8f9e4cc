package io.tern.detection.family;

import io.tern.base.TernException;
import io.tern.detection.image.ChannelOrder;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a model's metadata say of its pictures, which goes before what its kind usually wants: {@code color} (rgb, bgr),
 * {@code mean} and {@code std} (three numbers each on the scale of 0..255, in the order of that colour), and {@code resize}
 * (stretch, letterbox, letterbox-top-left).
 */
record DeclaredInput(Map<String, String> metadata) {

    Normalization normalization(Normalization usual) {
        Normalization ordered = switch (metadata.getOrDefault("color", "")) {
            case "" -> usual;
            case "rgb", "RGB" -> usual.withOrder(ChannelOrder.RGB);
            case "bgr", "BGR" -> usual.withOrder(ChannelOrder.BGR);
            default -> throw invalid("color", "rgb or bgr");
        };
        if (!metadata.containsKey("mean") && !metadata.containsKey("std")) {
            return ordered;
        }
        List<Float> deviation = numbers("std", 1);
        if (deviation.stream().anyMatch(value -> !(value >= 1))) {
            throw invalid("std", "three numbers of at least 1, as values are 0..255");
        }
        return new Normalization(ordered.order(), numbers("mean", 0), deviation);
    }

    Fit fit(Fit usual, Evidence evidence) {
        return switch (metadata.getOrDefault("resize", "")) {
            case "" -> usual;
            case "stretch" -> Fit.stretched(evidence.width(), evidence.height());
            case "letterbox" -> Fit.centred(evidence.width(), evidence.height());
            case "letterbox-top-left" -> Fit.topLeft(evidence.width(), evidence.height());
            default -> throw invalid("resize", "stretch, letterbox or letterbox-top-left");
        };
    }

    private List<Float> numbers(String key, float absent) {
        String text = metadata.get(key);
        if (text == null) {
            return List.of(absent, absent, absent);
        }
        List<Float> numbers = new ArrayList<>();
        for (String number : text.replaceAll("[\\[\\]() ]", "").split(",", -1)) {
            try {
                numbers.add(Float.parseFloat(number));
            } catch (NumberFormatException _) {
                throw invalid(key, "three numbers");
            }
        }
        if (numbers.size() != 3 || !numbers.stream().allMatch(Float::isFinite)) {
            throw invalid(key, "three numbers");
        }
        return numbers;
    }

    private TernException invalid(String key, String expected) {
        return TernException.invalid(key + " of the model", metadata.get(key), expected);
    }
}
