package io.tern.gateway.batches;

import io.tern.base.TernException;
import io.tern.gateway.files.Expiry;
import io.tern.gateway.keys.KeyLimits;
import io.tern.wire.Fields;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was asked for. Times are seconds since 1970.
 *
 * @param completionWindow as it was written, as {@code 24h}
 * @param outputSeconds how long the files that the batch writes are kept; null: until they are deleted
 * @param limits of the caller when the batch was accepted
 */
record BatchOrder(
        String inputFileId,
        String endpoint,
        String completionWindow,
        long createdAt,
        long expiresAt,
        Map<String, String> metadata,
        @Nullable Long outputSeconds,
        KeyLimits limits) {
    private static final Pattern WINDOW = Pattern.compile("([1-9][0-9]{0,5})([mhd])");
    private static final String WINDOWS = "24h, or another from 1m to 7d";
    private static final long MOST_SECONDS = Duration.ofDays(7).toSeconds();

    private static final int MAX_PAIRS = 16;
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_VALUE_LENGTH = 512;

    BatchOrder {
        metadata = Map.copyOf(metadata);
    }

    /**
     * From the body of {@code POST /v1/batches}.
     *
     * @param now seconds since 1970
     * @throws TernException INVALID_ARGUMENT
     */
    static BatchOrder of(ObjectNode body, Set<String> endpoints, long now, KeyLimits limits) {
        Fields fields = Fields.of(body);
        String input = fields.text("input_file_id").orElseThrow(() -> fields.invalid("input_file_id", "a file's id"));
        String known = String.join(", ", new TreeSet<>(endpoints));
        String endpoint = fields.text("endpoint")
                .filter(endpoints::contains)
                .orElseThrow(() -> fields.invalid("endpoint", "one of " + known));
        String window =
                fields.text("completion_window").orElseThrow(() -> fields.invalid("completion_window", WINDOWS));
        long seconds = seconds(window);
        TernException.require(seconds > 0 && seconds <= MOST_SECONDS, "completion_window", window, WINDOWS);
        Map<String, String> metadata = metadata(fields);
        Expiry expiry = Expiry.of(fields, "output_expires_after");
        fields.refuseUnknown();
        return new BatchOrder(input, endpoint, window, now, now + seconds, metadata, expiry.seconds(), limits);
    }

    /** 0 for what is no window. */
    private static long seconds(String window) {
        Matcher parts = WINDOW.matcher(window);
        if (!parts.matches()) {
            return 0;
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "m" -> Duration.ofMinutes(number).toSeconds();
            case "h" -> Duration.ofHours(number).toSeconds();
            default -> Duration.ofDays(number).toSeconds();
        };
    }

    private static Map<String, String> metadata(Fields fields) {
        JsonNode node = fields.node("metadata").orElse(null);
        if (node == null) {
            return Map.of();
        }
        if (!node.isObject()) {
            throw fields.invalid("metadata", "an object of strings");
        }
        TernException.require(node.size() <= MAX_PAIRS, "metadata", node.size() + " pairs", "at most " + MAX_PAIRS);
        Map<String, String> pairs = new LinkedHashMap<>();
        node.properties().forEach(pair -> {
            String name = pair.getKey();
            TernException.require(
                    name.length() <= MAX_NAME_LENGTH,
                    "metadata",
                    "a name of " + name.length() + " characters",
                    "at most " + MAX_NAME_LENGTH);
            JsonNode value = pair.getValue();
            TernException.require(value.isString(), "metadata." + name, value.getNodeType(), "a string");
            int length = value.stringValue().length();
            TernException.require(
                    length <= MAX_VALUE_LENGTH,
                    "metadata." + name,
                    length + " characters",
                    "at most " + MAX_VALUE_LENGTH);
            pairs.put(name, value.stringValue());
        });
        return pairs;
    }
}
