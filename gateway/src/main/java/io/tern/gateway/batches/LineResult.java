package io.tern.gateway.batches;

import io.tern.jobs.JobId;
import io.tern.wire.StrictJson;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What has become of a line.
 *
 * @param line its number
 * @param error whether it goes into the file of errors
 * @param json the line to write, with its line feed
 */
record LineResult(int line, boolean error, byte[] json, TokenUsage usage) {
    private static final int OK = 200;

    /** @param status as the route would have answered */
    static LineResult answered(int line, String customId, int status, String requestId, JsonNode body) {
        ObjectNode response = StrictJson.newObject().put("status_code", status).put("request_id", requestId);
        response.set("body", body);
        return of(line, customId, status != OK, response, null, TokenUsage.of(body));
    }

    /** A line that was not answered. */
    static LineResult unanswered(int line, String customId, String code, String message) {
        ObjectNode error = StrictJson.newObject().put("code", code).put("message", message);
        return of(line, customId, true, null, error, TokenUsage.NONE);
    }

    private static LineResult of(
            int number,
            String customId,
            boolean failed,
            @Nullable ObjectNode response,
            @Nullable ObjectNode error,
            TokenUsage usage) {
        ObjectNode node = StrictJson.newObject()
                .put("id", "batch_req_" + JobId.next(System.currentTimeMillis()))
                .put("custom_id", customId);
        node.set("response", response);
        node.set("error", error);
        byte[] json = StrictJson.bytes(node);
        ByteArrayOutputStream line = new ByteArrayOutputStream(json.length + 1);
        line.writeBytes(json);
        line.write('\n');
        return new LineResult(number, failed, line.toByteArray(), usage);
    }
}
