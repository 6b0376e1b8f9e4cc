package io.tern.gateway.files;

import io.tern.base.TernException;
import io.tern.wire.Fields;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which files are asked for.
 *
 * @param purpose null: any
 * @param limit 1..10000
 * @param newestFirst the order of the list
 * @param after id of the last file of the page before; null: from the beginning
 */
record FileQuestion(
        @Nullable String purpose,
        int limit,
        boolean newestFirst,
        @Nullable String after) {
    private static final int MAX_LIMIT = 10_000;

    /** @throws TernException INVALID_ARGUMENT */
    static FileQuestion of(Map<String, String> query) {
        Fields fields = Fields.form(query);
        String purpose = fields.text("purpose").orElse(null);
        int limit = fields.int32("limit").orElse(MAX_LIMIT);
        TernException.require(limit >= 1 && limit <= MAX_LIMIT, "limit", limit, "1.." + MAX_LIMIT);
        String order = fields.text("order").orElse("desc");
        TernException.require(order.equals("asc") || order.equals("desc"), "order", order, "asc or desc");
        String after = fields.text("after").orElse(null);
        fields.refuseUnknown();
        return new FileQuestion(purpose, limit, order.equals("desc"), after);
    }

    /** Ids sort by age. */
    Comparator<String> order() {
        return newestFirst ? Comparator.reverseOrder() : Comparator.naturalOrder();
    }

    boolean isBehind(String id) {
        return after == null || order().compare(id, after) > 0;
    }

    boolean wants(StoredFile file) {
        return purpose == null || purpose.equals(file.purpose().wireName());
    }
}
