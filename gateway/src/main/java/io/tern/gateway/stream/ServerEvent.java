package io.tern.gateway.stream;

import io.tern.wire.StrictJson;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One server-sent event, or a comment that only keeps the connection warm.
 *
 * @param name event name; null: {@code message}
 * @param id what a client sends back as Last-Event-ID
 * @param data on one line; null: a comment
 */
public record ServerEvent(
        @Nullable String name,
        @Nullable String id,
        @Nullable String data) {
    static final ServerEvent HEARTBEAT = new ServerEvent(null, null, null);
    /** OpenAI's end of a stream. */
    public static final ServerEvent DONE = new ServerEvent(null, null, "[DONE]");

    public static ServerEvent of(JsonNode data) {
        return new ServerEvent(null, null, line(data));
    }

    public static ServerEvent of(String name, JsonNode data) {
        return new ServerEvent(name, null, line(data));
    }

    public static ServerEvent of(String name, long id, JsonNode data) {
        return new ServerEvent(name, Long.toString(id), line(data));
    }

    byte[] encode() {
        if (data == null) {
            return ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
        }
        StringBuilder text = new StringBuilder(data.length() + 64);
        if (name != null) {
            text.append("event: ").append(name).append('\n');
        }
        if (id != null) {
            text.append("id: ").append(id).append('\n');
        }
        return text.append("data: ").append(data).append("\n\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** JSON has no raw line feeds; these three are legal in it, but some clients end a line there. */
    private static String line(JsonNode data) {
        return StrictJson.text(data)
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029")
                .replace("\u0085", "\\u0085");
    }
}
