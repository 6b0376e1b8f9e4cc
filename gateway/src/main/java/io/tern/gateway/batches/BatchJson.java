package io.tern.gateway.batches;

import io.tern.gateway.keys.KeyLimits;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A batch as OpenAI's API tells of it, and the same with what only this server needs, as it is kept. */
final class BatchJson {
    /** Where the kept form has what callers are not told. */
    private static final String OWN = "tern";

    private BatchJson() {}

    static ObjectNode told(Batch batch) {
        BatchOrder order = batch.order();
        ObjectNode node = StrictJson.newObject()
                .put("id", batch.id())
                .put("object", "batch")
                .put("endpoint", order.endpoint())
                .put("model", batch.model());
        node.set("errors", errors(batch.faults()));
        node.put("input_file_id", order.inputFileId())
                .put("completion_window", order.completionWindow())
                .put("status", batch.status().wireName())
                .put("output_file_id", written(batch, batch.counts().completed(), batch.outputId()))
                .put("error_file_id", written(batch, batch.counts().failed(), batch.errorId()))
                .put("created_at", order.createdAt())
                .put("expires_at", order.expiresAt());
        timed().forEach(status ->
                node.put(status.wireName() + "_at", batch.times().get(status)));
        node.putObject("request_counts")
                .put("total", batch.total())
                .put("completed", batch.counts().completed())
                .put("failed", batch.counts().failed());
        node.set("usage", usage(batch.counts().usage()));
        ObjectNode metadata = node.putObject("metadata");
        order.metadata().forEach(metadata::put);
        return node;
    }

    static byte[] kept(Batch batch) {
        ObjectNode node = told(batch);
        ObjectNode own = node.putObject(OWN)
                .put("output_id", batch.outputId())
                .put("error_id", batch.errorId())
                .put("output_seconds", batch.order().outputSeconds());
        KeyLimits limits = batch.order().limits();
        limits.steps().ifPresent(limit -> own.put("steps", limit));
        limits.pixels().ifPresent(limit -> own.put("pixels", limit));
        limits.pictures().ifPresent(limit -> own.put("pictures", limit));
        return StrictJson.bytes(node);
    }

    static byte[] kept(Batch.Counts counts) {
        ObjectNode node = StrictJson.newObject();
        node.putObject("request_counts").put("completed", counts.completed()).put("failed", counts.failed());
        node.set("usage", usage(counts.usage()));
        return StrictJson.bytes(node);
    }

    /** From {@link #kept(Batch.Counts)}. */
    static Batch.Counts readCounts(byte[] json) {
        return counts(StrictJson.object(json));
    }

    private static Batch.Counts counts(JsonNode node) {
        JsonNode counts = node.path("request_counts");
        return new Batch.Counts(
                counts.path("completed").intValue(), counts.path("failed").intValue(), usage(node.path("usage")));
    }

    /** From {@link #kept(Batch)}. */
    static Batch read(byte[] json) {
        ObjectNode node = StrictJson.object(json);
        Fields fields = Fields.of(node);
        JsonNode own = node.path(OWN);
        BatchOrder order = new BatchOrder(
                fields.text("input_file_id").orElseThrow(),
                fields.text("endpoint").orElseThrow(),
                fields.text("completion_window").orElseThrow(),
                fields.int64("created_at").orElseThrow(),
                fields.int64("expires_at").orElseThrow(),
                metadata(node.path("metadata")),
                own.path("output_seconds").isNull()
                        ? null
                        : (Long) own.path("output_seconds").longValue(),
                new KeyLimits(
                        OptionalInt.empty(), number(own, "steps"), number(own, "pixels"), number(own, "pictures")));
        return new Batch(
                fields.text("id").orElseThrow(),
                order,
                status(fields.text("status").orElseThrow()),
                times(fields),
                node.path("request_counts").path("total").intValue(),
                counts(node),
                fields.text("model").orElse(null),
                faults(node.path("errors").path("data")),
                own.path("output_id").stringValue(),
                own.path("error_id").stringValue());
    }

    /** A file that has nothing in it is not made. */
    private static @Nullable String written(Batch batch, int lines, String id) {
        return batch.status().isOver() && lines > 0 ? id : null;
    }

    private static @Nullable ObjectNode errors(List<LineFault> faults) {
        if (faults.isEmpty()) {
            return null;
        }
        ObjectNode errors = StrictJson.newObject().put("object", "list");
        ArrayNode data = errors.putArray("data");
        faults.forEach(fault -> data.addObject()
                .put("code", fault.code())
                .put("message", fault.message())
                .put("param", fault.param())
                .put("line", fault.line()));
        return errors;
    }

    private static List<LineFault> faults(JsonNode data) {
        List<LineFault> faults = new ArrayList<>();
        for (JsonNode fault : data.values()) {
            JsonNode param = fault.path("param");
            JsonNode line = fault.path("line");
            faults.add(new LineFault(
                    fault.path("code").stringValue(),
                    fault.path("message").stringValue(),
                    param.isNull() ? null : param.stringValue(),
                    line.isNull() ? null : (Integer) line.intValue()));
        }
        return faults;
    }

    private static ObjectNode usage(TokenUsage usage) {
        ObjectNode node = StrictJson.newObject().put("input_tokens", usage.input());
        node.putObject("input_tokens_details").put("cached_tokens", usage.cached());
        node.put("output_tokens", usage.output());
        node.putObject("output_tokens_details").put("reasoning_tokens", 0);
        return node.put("total_tokens", usage.input() + usage.output());
    }

    private static TokenUsage usage(JsonNode node) {
        return new TokenUsage(
                node.path("input_tokens").longValue(),
                node.path("input_tokens_details").path("cached_tokens").longValue(),
                node.path("output_tokens").longValue());
    }

    private static Map<BatchStatus, Long> times(Fields fields) {
        Map<BatchStatus, Long> times = new EnumMap<>(BatchStatus.class);
        timed().forEach(status -> fields.int64(status.wireName() + "_at").ifPresent(at -> times.put(status, at)));
        return times;
    }

    /** All but the first: that it has begun is said by {@code created_at}. */
    private static Stream<BatchStatus> timed() {
        return Stream.of(BatchStatus.values()).filter(status -> status != BatchStatus.VALIDATING);
    }

    private static BatchStatus status(String word) {
        return Stream.of(BatchStatus.values())
                .filter(status -> status.wireName().equals(word))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> metadata(JsonNode node) {
        Map<String, String> metadata = new LinkedHashMap<>();
        node.properties()
                .forEach(pair -> metadata.put(pair.getKey(), pair.getValue().stringValue()));
        return metadata;
    }

    private static OptionalInt number(JsonNode own, String name) {
        return own.has(name) ? OptionalInt.of(own.path(name).intValue()) : OptionalInt.empty();
    }
}
