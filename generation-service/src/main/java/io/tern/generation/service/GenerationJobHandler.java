package io.tern.generation.service;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GeneratedImage;
import io.tern.jobs.JobHandler;
import io.tern.jobs.JobOutput;
import io.tern.jobs.JobProgress;
import io.tern.jobs.v1.JobRequest;
import io.tern.wire.images.ImagesJson;
import io.tern.wire.images.PictureFile;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws jobs. The result of one picture is the picture, of several the JSON of the synchronous route.
 */
final class GenerationJobHandler implements JobHandler {
    private final ImageModels models;

    GenerationJobHandler(ImageModels models) {
        this.models = models;
    }

    @Override
    public JobOutput handle(JobRequest job, Priority priority, JobProgress progress, Cancellation cancellation) {
        try (ResolvedRequest resolved = models.resolve(job.getGeneration())) {
            int pictures = resolved.request().pictures();
            List<GeneratedImage> images = new ArrayList<>();
            resolved.run(priority, event -> tell(event, pictures, progress, images), cancellation);
            return pictures == 1 ? picture(images.getFirst()) : answer(images);
        }
    }

    private static void tell(GenerateResponse event, int pictures, JobProgress progress, List<GeneratedImage> images) {
        switch (event.getEventCase()) {
            case PROGRESS -> {
                double steps = event.getProgress().getSteps();
                progress.fraction(
                        (event.getProgress().getIndex() + event.getProgress().getStep() / steps) / pictures);
            }
            case PREVIEW ->
                progress.preview(PictureFile.of(event.getPreview()).bytes().toByteArray());
            case IMAGE -> images.add(event.getImage());
            case EVENT_NOT_SET -> throw new IllegalStateException("an event without content");
        }
    }

    private static JobOutput picture(GeneratedImage image) {
        PictureFile file = PictureFile.of(image);
        return new JobOutput(file.contentType(), file.bytes().toByteArray());
    }

    private static JobOutput answer(List<GeneratedImage> images) {
        String json = ImagesJson.answer(images, Instant.now().getEpochSecond()).toString();
        return new JobOutput("application/json", json.getBytes(StandardCharsets.UTF_8));
    }
}
