package io.tern.generation;

import io.tern.base.Cancellation;
import io.tern.imaging.RgbImage;
import java.util.ArrayList;
import java.util.List;

/** Requests and what comes of them, for tests. */
final class Events {
    private Events() {}

    static GenerationRequest request(String prompt, long seed, int steps, String sampler) {
        return request(prompt, seed, steps, sampler, 1, PreviewPlan.none());
    }

    static GenerationRequest request(
            String prompt, long seed, int steps, String sampler, int pictures, PreviewPlan previews) {
        return new Draft(prompt)
                .seed(seed)
                .steps(steps)
                .sampler(sampler)
                .pictures(pictures)
                .previews(previews)
                .request();
    }

    static List<GenerationEvent> of(GenerationRequest request) {
        List<GenerationEvent> events = new ArrayList<>();
        EmojiModel.GENERATOR.generate(request, events::add, Cancellation.none());
        return events;
    }

    static List<byte[]> pngs(GenerationRequest request) {
        return of(request).stream()
                .filter(GenerationEvent.PictureReady.class::isInstance)
                .map(event -> ((GenerationEvent.PictureReady) event).png())
                .toList();
    }

    static byte[] rgb(GenerationRequest request) {
        return picture(request).rgb();
    }

    /** The first of them. */
    static RgbImage picture(GenerationRequest request) {
        return of(request).stream()
                .filter(GenerationEvent.PictureReady.class::isInstance)
                .map(event -> (RgbImage) ((GenerationEvent.PictureReady) event).image())
                .findFirst()
                .orElseThrow();
    }

    /** Mean of the differences, in levels of 255. */
    static double distance(RgbImage a, RgbImage b) {
        double sum = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            sum += Math.abs((a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff));
        }
        return sum / a.rgb().length;
    }
}
