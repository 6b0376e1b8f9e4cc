package io.tern.gateway.files;

import io.tern.base.TernException;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file as it is told of. Times are seconds since 1970.
 *
 * @param id {@code file-...}; ids sort by age
 * @param expiresAt erased from then on; null: stays until it is deleted
 * @param filename as its sender named it
 */
public record StoredFile(
        String id, long bytes, long createdAt, @Nullable Long expiresAt, String filename, FilePurpose purpose) {
    boolean isOver(long now) {
        return expiresAt != null && expiresAt <= now;
    }

    /** OpenAI's file object. */
    public ObjectNode json() {
        return StrictJson.newObject()
                .put("id", id)
                .put("object", "file")
                .put("bytes", bytes)
                .put("created_at", createdAt)
                .put("expires_at", expiresAt)
                .put("filename", filename)
                .put("purpose", purpose.wireName())
                .put("status", "processed");
    }

    /** From {@link #json}. */
    static StoredFile read(byte[] json) {
        Fields fields = Fields.of(StrictJson.object(json));
        return new StoredFile(
                fields.text("id").orElseThrow(),
                fields.int64("bytes").orElseThrow(),
                fields.int64("created_at").orElseThrow(),
                fields.int64("expires_at").orElse(null),
                fields.text("filename").orElseThrow(),
                fields.text("purpose").flatMap(FilePurpose::of).orElseThrow());
    }

    /** @throws TernException INVALID_ARGUMENT for a file that is no lines of requests */
    public void requireLines() {
        TernException.require(
                purpose == FilePurpose.BATCH,
                "input_file_id",
                id + " of " + purpose.wireName(),
                "a file of purpose batch");
    }
}
