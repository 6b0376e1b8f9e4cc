package io.tern.gateway.files;

import io.tern.base.TernException;
import io.tern.wire.Fields;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's {@code expires_after}.
 *
 * @param seconds after the file was made, 3600..2592000; null: none was asked for
 */
public record Expiry(@Nullable Long seconds) {
    /** Thirty days, as OpenAI keeps what a batch reads. */
    static final long OF_INPUT = 2_592_000;

    private static final long LEAST = 3_600;
    private static final long MOST = 2_592_000;
    private static final String ANCHOR = "created_at";

    /** From an object of that name, if it is there. @throws TernException INVALID_ARGUMENT */
    public static Expiry of(Fields fields, String name) {
        if (fields.node(name).isEmpty()) {
            return new Expiry(null);
        }
        if (!(fields.node(name).orElseThrow() instanceof ObjectNode object)) {
            throw fields.invalid(name, "an object of anchor and seconds");
        }
        Fields inner = Fields.of(object);
        Expiry expiry = checked(inner.text("anchor"), inner.int64("seconds"), name + ".anchor", name + ".seconds");
        inner.refuseUnknown();
        return expiry;
    }

    /** From the two fields of a form, if one of them is there. @throws TernException INVALID_ARGUMENT */
    static Expiry ofForm(Fields fields, String anchor, String seconds) {
        Optional<String> from = fields.text(anchor);
        Optional<Long> length = fields.int64(seconds);
        return from.isEmpty() && length.isEmpty() ? new Expiry(null) : checked(from, length, anchor, seconds);
    }

    @Nullable
    Long secondsOr(long usual) {
        return seconds == null ? (Long) usual : seconds;
    }

    private static Expiry checked(Optional<String> from, Optional<Long> length, String anchor, String seconds) {
        TernException.require(from.orElse("missing").equals(ANCHOR), anchor, from.orElse("missing"), ANCHOR);
        long value = length.orElseThrow(() -> TernException.invalid(seconds, "missing", LEAST + ".." + MOST));
        TernException.require(value >= LEAST && value <= MOST, seconds, value, LEAST + ".." + MOST);
        return new Expiry(value);
    }
}
