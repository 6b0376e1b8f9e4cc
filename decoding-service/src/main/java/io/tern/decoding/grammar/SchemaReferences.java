package io.tern.decoding.grammar;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Schemas within a schema by JSON pointer (RFC 6901), as {@code #/$defs/node}. */
record SchemaReferences(JsonNode root) {
    /** @throws TernException INVALID_ARGUMENT for one that leads out of the schema or nowhere */
    JsonNode find(String pointer, String path) {
        boolean local = pointer.equals("#") || pointer.startsWith("#/");
        JsonNode found = local ? at(pointer.substring(1)) : null;
        require(
                found != null,
                path + ".$ref",
                SchemaKeywords.shown(pointer),
                "a pointer to a schema within this one, as #/$defs/node");
        return Objects.requireNonNull(found);
    }

    private @Nullable JsonNode at(String pointer) {
        JsonNode node = root;
        for (String step : pointer.split("/", -1)) {
            if (!step.isEmpty() && node != null) {
                String name = step.replace("+", "%2B");
                try {
                    name = URLDecoder.decode(name, StandardCharsets.UTF_8);
                } catch (IllegalArgumentException _) {
                    return null;
                }
                name = name.replace("~1", "/").replace("~0", "~");
                node = node.isArray() && name.matches("\\d{1,6}") ? node.get(Integer.parseInt(name)) : node.get(name);
            }
        }
        return node;
    }
}
