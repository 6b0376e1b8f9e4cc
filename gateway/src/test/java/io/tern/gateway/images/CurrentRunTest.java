package io.tern.gateway.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GeneratedImage;
import io.tern.generation.v1.Preview;
import io.tern.generation.v1.Progress;
import io.tern.jobs.JobOwner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.node.ObjectNode;

class CurrentRunTest {
    private final CurrentRun run = new CurrentRun(JobOwner.EVERYBODY, "txt2img", 2);
    private final Sinks.Many<GenerateResponse> events = Sinks.many().unicast().onBackpressureBuffer();
    private final List<GenerateResponse> seen = new ArrayList<>();

    @Test
    void tellsHowFarItIs() {
        var _ = run.watch(events.asFlux()).subscribe(seen::add);
        assertThat(run.progress(true).get("progress").asDouble()).isZero();
        events.tryEmitNext(progress(1, 3)).orThrow();
        events.tryEmitNext(GenerateResponse.newBuilder()
                        .setPreview(Preview.newBuilder().setPng(ByteString.copyFromUtf8("png")))
                        .build())
                .orThrow();
        ObjectNode told = run.progress(true);
        assertThat(told.get("progress").asDouble()).isEqualTo((1 + 3 / 4.0) / 2);
        assertThat(told.at("/state/job_no").asInt()).isEqualTo(1);
        assertThat(told.at("/state/sampling_step").asInt()).isEqualTo(3);
        assertThat(told.get("current_image").asString()).isEqualTo("cG5n");
        assertThat(run.progress(false).get("current_image").isNull()).isTrue();
    }

    @Test
    void endsWithWhatIsFinishedWhenItIsInterrupted() {
        boolean[] ended = {false};
        var _ = run.watch(events.asFlux()).subscribe(seen::add, _ -> {}, () -> ended[0] = true);
        events.tryEmitNext(GenerateResponse.newBuilder()
                        .setImage(GeneratedImage.getDefaultInstance())
                        .build())
                .orThrow();
        run.interrupt();
        assertThat(ended[0]).isTrue();
        assertThat(seen).hasSize(1);
        assertThat(events.currentSubscriberCount()).isZero(); // so the call is cancelled
    }

    private static GenerateResponse progress(int picture, int step) {
        return GenerateResponse.newBuilder()
                .setProgress(
                        Progress.newBuilder().setIndex(picture).setStep(step).setSteps(4))
                .build();
    }
}
