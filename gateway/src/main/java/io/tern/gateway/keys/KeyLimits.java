package io.tern.gateway.keys;

import io.tern.base.TernException;
import io.tern.generation.v1.GenerateRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a caller may ask for; what is empty has no limit but the service's own.
 *
 * @param requestsPerMinute begun calls
 * @param steps of a picture
 * @param pixels of a picture, width times height
 * @param pictures of a request
 */
public record KeyLimits(OptionalInt requestsPerMinute, OptionalInt steps, OptionalInt pixels, OptionalInt pictures) {
    /** Whoever calls may do everything. */
    public static final KeyLimits NONE = of(new LinkedHashMap<>());

    /** Takes its own from settings by name. */
    static KeyLimits of(Map<String, Integer> settings) {
        return new KeyLimits(
                taken(settings, "requests-per-minute"),
                taken(settings, "steps"),
                taken(settings, "pixels"),
                taken(settings, "pictures"));
    }

    private static OptionalInt taken(Map<String, Integer> settings, String name) {
        Integer value = settings.remove(name);
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /**
     * What a request leaves open is the service's to choose, and so are values that nobody takes.
     *
     * @throws TernException INVALID_ARGUMENT with the limit
     */
    public void check(GenerateRequest request) {
        atMost("n", request.getN(), pictures);
        atMost("steps", request.getSteps(), steps);
        if (pixels.isPresent()) {
            checkSize(request, pixels.getAsInt());
        }
    }

    /** A side that is left open is counted like the other one. How large an enlarged picture becomes is not known here. */
    private static void checkSize(GenerateRequest request, int limit) {
        TernException.require(
                !request.hasUpscale(), "upscale", request.getUpscale(), "none for this key, whose pixels are limited");
        long width = Math.max(0, request.getWidth());
        long height = Math.max(0, request.getHeight());
        long area = (width == 0 ? height : width) * (height == 0 ? width : height);
        String size = request.getWidth() + " x " + request.getHeight() + " pixels";
        TernException.require(area <= limit, "size", size, "at most " + limit + " for this key");
    }

    private static void atMost(String field, int value, OptionalInt limit) {
        TernException.require(
                value <= limit.orElse(Integer.MAX_VALUE), field, value, "at most " + limit.orElse(0) + " for this key");
    }
}
