package io.tern.wire.jobs;

import com.google.protobuf.Timestamp;
import io.tern.base.TernException;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobEvent;
import io.tern.jobs.v1.JobPriority;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.SubmitRequest;
import io.tern.jobs.v1.TextsRequest;
import io.tern.wire.Base64Text;
import io.tern.wire.Fields;
import io.tern.wire.NamedEvent;
import io.tern.wire.Names;
import io.tern.wire.PageJson;
import io.tern.wire.StrictJson;
import io.tern.wire.images.ImagesJson;
import io.tern.wire.images.ImagesRequest;
import io.tern.wire.text.ChatJson;
import io.tern.wire.text.CompletionsJson;
import io.tern.wire.vision.DetectionsJson;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/jobs}. A job's request is the body of the synchronous route, and its result is that route's answer. */
public final class JobsJson {
    private JobsJson() {}

    /** @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported */
    public static SubmitRequest submit(ObjectNode body, String idempotencyKey) {
        Fields fields = Fields.of(body);
        SubmitRequest.Builder submit = SubmitRequest.newBuilder().setIdempotencyKey(idempotencyKey);
        String type = fields.text("type").orElseThrow(() -> fields.invalid("type", types()));
        if (!(fields.node("request").orElse(null) instanceof ObjectNode request)) {
            throw fields.invalid("request", "object, the body of the synchronous route");
        }
        fields.int32("timeout_s").ifPresent(submit::setTimeoutSeconds);
        fields.text("priority").map(JobsJson::priority).ifPresent(submit::setPriority);
        fields.text("webhook").ifPresent(submit::setWebhook);
        fields.refuseUnknown();
        submit.setRequest(
                switch (type) {
                    case "detection" -> JobRequest.newBuilder().setDetection(DetectionsJson.request(request));
                    case "generation" -> JobRequest.newBuilder().setGeneration(pictures(request));
                    case "decoding" -> JobRequest.newBuilder().setTexts(texts(request));
                    default -> throw fields.invalid("type", types());
                });
        return submit.build();
    }

    public static ObjectNode job(Job job) {
        ObjectNode node = StrictJson.newObject()
                .put("id", job.getId())
                .put("object", "job")
                .put("type", job.getType())
                .put("state", state(job.getState()))
                .put("priority", job.getPriority() == JobPriority.LIVE ? "live" : "batch")
                .put("progress", job.getProgress())
                .put("attempt", job.getAttempt())
                .put("created_at", time(job.hasCreatedAt(), job.getCreatedAt()))
                .put("started_at", time(job.hasStartedAt(), job.getStartedAt()))
                .put("finished_at", time(job.hasFinishedAt(), job.getFinishedAt()))
                .put("expires_at", time(job.hasExpiresAt(), job.getExpiresAt()));
        if (!job.getWebhook().isEmpty()) {
            node.put("webhook", job.getWebhook());
        }
        if (job.hasError()) {
            node.putObject("error")
                    .put("code", job.getError().getCode())
                    .put("message", job.getError().getMessage());
        }
        if (job.hasResult()) {
            node.putObject("result")
                    .put("content_type", job.getResult().getContentType())
                    .put("size_bytes", job.getResult().getSizeBytes())
                    .put("sha256", job.getResult().getSha256())
                    .put("url", "/v1/jobs/" + job.getId() + "/result");
        }
        return node;
    }

    /** What a webhook is told of a job that has ended, in the form of Standard Webhooks: {@code job.succeeded} and so on. */
    public static ObjectNode webhook(Job end) {
        return StrictJson.newObject()
                .put("type", "job." + state(end.getState()))
                .put("timestamp", time(end.hasFinishedAt(), end.getFinishedAt()))
                .set("data", job(end));
    }

    public static ObjectNode list(List<Job> jobs, boolean hasMore) {
        return PageJson.of(jobs.stream().map(JobsJson::job).toList(), hasMore);
    }

    /** The word on the wire, as {@code queued}. */
    public static String state(JobState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** @throws TernException INVALID_ARGUMENT if it is no state's word */
    public static JobState state(String word) {
        for (JobState state : JobState.values()) {
            if (state != JobState.UNRECOGNIZED
                    && state.getNumber() != 0
                    && state(state).equals(word)) {
                return state;
            }
        }
        throw TernException.invalid(
                "state", Names.printable(word), "queued, running, succeeded, failed, cancelled or expired");
    }

    /** Name and data of the event; empty for an event of a later version. */
    public static Optional<NamedEvent> event(JobEvent event) {
        ObjectNode data = StrictJson.newObject();
        return switch (event.getEventCase()) {
            case STATE -> Optional.of(new NamedEvent("state", job(event.getState())));
            case PROGRESS ->
                Optional.of(new NamedEvent("progress", attempt(data.put("progress", event.getProgress()), event)));
            case PREVIEW ->
                Optional.of(new NamedEvent(
                        "preview",
                        attempt(
                                data.put(
                                        "b64_json",
                                        Base64Text.encode(event.getPreview().toByteArray())),
                                event)));
            case TOKEN -> Optional.of(new NamedEvent("token", attempt(data.put("text", event.getToken()), event)));
            case EVENT_NOT_SET -> Optional.empty();
        };
    }

    private static io.tern.generation.v1.GenerateRequest pictures(ObjectNode request) {
        ImagesRequest images = ImagesJson.request(request);
        if (images.asUrls()) {
            throw TernException.invalid("response_format", "url", "b64_json, as a job keeps its result");
        }
        return images.generate();
    }

    private static TextsRequest texts(ObjectNode request) {
        return (request.has("messages") ? ChatJson.request(request) : CompletionsJson.request(request)).job();
    }

    private static JobPriority priority(String word) {
        return switch (word) {
            case "live" -> JobPriority.LIVE;
            case "batch" -> JobPriority.BATCH;
            default -> throw TernException.invalid("priority", Names.printable(word), "live or batch");
        };
    }

    private static ObjectNode attempt(ObjectNode data, JobEvent event) {
        return data.put("attempt", event.getAttempt());
    }

    private static String types() {
        return "detection, generation or decoding";
    }

    private static @Nullable String time(boolean present, Timestamp time) {
        return present
                ? Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString()
                : null;
    }
}
