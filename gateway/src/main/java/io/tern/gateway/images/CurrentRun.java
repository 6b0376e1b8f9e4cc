package io.tern.gateway.images;

import io.tern.generation.v1.GenerateResponse;
import io.tern.jobs.JobOwner;
import io.tern.wire.StrictJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.node.ObjectNode;

/** One request of the web UI's API while it runs: how far it is, and how to end it. Safe for many threads. */
final class CurrentRun {
    private final JobOwner owner;
    private final String job;
    private final int pictures;
    private final Instant started = Instant.now();
    private final Sinks.Empty<Void> interrupt = Sinks.empty();
    private int picture;
    private int step;
    private int steps = 1;
    private byte @Nullable [] preview;

    /**
     * @param owner whose it is
     * @param job as the API calls it: {@code txt2img}
     */
    CurrentRun(JobOwner owner, String job, int pictures) {
        this.owner = owner;
        this.job = job;
        this.pictures = Math.max(1, pictures);
    }

    boolean isOf(JobOwner caller) {
        return owner.equals(caller);
    }

    /** Watches the events, and ends them early if it is interrupted: what is finished by then is the answer. */
    Flux<GenerateResponse> watch(Flux<GenerateResponse> events) {
        return events.doOnNext(this::saw).takeUntilOther(interrupt.asMono());
    }

    void interrupt() {
        interrupt.tryEmitEmpty();
    }

    private synchronized void saw(GenerateResponse event) {
        switch (event.getEventCase()) {
            case PROGRESS -> {
                picture = event.getProgress().getIndex();
                step = event.getProgress().getStep();
                steps = Math.max(1, event.getProgress().getSteps());
            }
            case PREVIEW -> preview = event.getPreview().getPng().toByteArray();
            case IMAGE, EVENT_NOT_SET -> {}
        }
    }

    synchronized ObjectNode progress(boolean withPicture) {
        double done = Math.min(1, (picture + (double) step / steps) / pictures);
        double elapsedSeconds = Duration.between(started, Instant.now()).toMillis() / 1000.0;
        ObjectNode node = node(done, done == 0 ? 0 : elapsedSeconds / done - elapsedSeconds);
        node.withObject("state")
                .put("job", job)
                .put("job_count", pictures)
                .put("job_no", picture)
                .put("sampling_step", step)
                .put("sampling_steps", steps);
        if (withPicture && preview != null) {
            node.put("current_image", Base64.getEncoder().encodeToString(preview));
        }
        return node;
    }

    /** What is told while nothing runs. */
    static ObjectNode idle() {
        ObjectNode node = node(0, 0);
        node.withObject("state")
                .put("job", "")
                .put("job_count", 0)
                .put("job_no", 0)
                .put("sampling_step", 0)
                .put("sampling_steps", 0);
        return node;
    }

    private static ObjectNode node(double done, double secondsLeft) {
        ObjectNode node = StrictJson.newObject().put("progress", done).put("eta_relative", secondsLeft);
        node.putObject("state").put("skipped", false).put("interrupted", false).put("stopping_generation", false);
        return node.putNull("current_image").putNull("textinfo");
    }
}
