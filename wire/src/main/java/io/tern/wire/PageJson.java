package io.tern.wire;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A part of a list, as OpenAI's lists are paged. */
public final class PageJson {
    private PageJson() {}

    /** @param items each with its {@code id} */
    public static ObjectNode of(List<ObjectNode> items, boolean hasMore) {
        ObjectNode page = StrictJson.newObject().put("object", "list");
        ArrayNode data = page.putArray("data");
        items.forEach(data::add);
        page.set("first_id", items.isEmpty() ? null : id(items.getFirst()));
        page.set("last_id", items.isEmpty() ? null : id(items.getLast()));
        return page.put("has_more", hasMore);
    }

    private static JsonNode id(ObjectNode item) {
        return item.required("id");
    }
}
