package io.tern.gateway.files;

import io.tern.wire.PageJson;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** A part of a list. */
record FilePage(List<StoredFile> files, boolean hasMore) {
    ObjectNode json() {
        return PageJson.of(files.stream().map(StoredFile::json).toList(), hasMore);
    }
}
