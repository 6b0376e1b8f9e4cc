package io.tern.gateway.files;

import io.tern.wire.StrictJson;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A part of a list. */
record FilePage(List<StoredFile> files, boolean hasMore) {
    ObjectNode json() {
        ObjectNode list = StrictJson.newObject().put("object", "list");
        ArrayNode data = list.putArray("data");
        files.forEach(file -> data.add(file.json()));
        return list.put("first_id", files.isEmpty() ? null : files.getFirst().id())
                .put("last_id", files.isEmpty() ? null : files.getLast().id())
                .put("has_more", hasMore);
    }
}
