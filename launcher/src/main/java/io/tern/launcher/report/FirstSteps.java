package io.tern.launcher.report;

import io.tern.launcher.plan.LaunchPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Three lines to copy, one per kind of model, and where the console is. */
public final class FirstSteps {
    private FirstSteps() {}

    public static List<String> of(LaunchPlan plan, List<ServedModel> models) {
        String gateway = plan.gateway().toString();
        return List.of(
                "Chat, as it is written:",
                "  curl -sN " + gateway + "/v1/chat/completions -H 'Content-Type: application/json' -d '{"
                        + model(models, "chat")
                        + "\"messages\": [{\"role\": \"user\", \"content\": \"Name three colours.\"}], \"stream\": true}'",
                "What is in a photo:",
                "  curl -s " + gateway + "/v1/detections -F image=@"
                        + shortest(plan.installation().samplePicture()),
                "A picture, made as a job; its state is at the address in the answer's Location:",
                "  curl -si " + gateway
                        + "/v1/jobs -H 'Content-Type: application/json' -H 'Idempotency-Key: first' -d '{"
                        + "\"type\": \"generation\", \"request\": {\"prompt\": \"red apple\", \"seed\": 1}}'",
                "",
                "Console: " + gateway + "/");
    }

    private static String model(List<ServedModel> models, String capability) {
        Stream<ServedModel> able =
                models.stream().filter(model -> model.capabilities().contains(capability));
        return able.findFirst()
                .map(model -> "\"model\": \"" + model.id() + "\", ")
                .orElse("");
    }

    /** Relative where the reader stands above it. */
    private static Path shortest(Path file) {
        Path here = Path.of("").toAbsolutePath();
        return file.startsWith(here) ? here.relativize(file) : file;
    }
}
