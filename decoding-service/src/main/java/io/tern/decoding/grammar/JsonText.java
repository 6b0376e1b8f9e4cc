package io.tern.decoding.grammar;

import io.tern.decoding.grammar.NetworkBuilder.Rule;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the parts of JSON texts into a network (RFC 8259), narrowly: see {@link #space}. Owned by one compilation. */
final class JsonText {
    /** Blanks of an indented line. */
    private static final int DEEPEST_INDENT = 16;
    /** More than a double can tell apart. */
    private static final int MOST_DIGITS = 17;

    private final NetworkBuilder builder;
    private final Characters.Json characters;
    private @Nullable Rule space;
    private @Nullable Rule value;
    private @Nullable Rule object;
    private @Nullable Rule string;

    JsonText(NetworkBuilder builder) {
        this.builder = builder;
        this.characters = new Characters.Json(builder);
    }

    NetworkBuilder builder() {
        return builder;
    }

    Characters characters() {
        return characters;
    }

    /** Nothing, a blank or a new line with its indent: what a writer of JSON needs, and no room to run away in. */
    void space(int from, int to) {
        if (space == null) {
            space = builder.rule();
            builder.jump(space.entry(), space.exit());
            builder.bytes(space.entry(), ' ', ' ', space.exit());
            int at = builder.state();
            builder.bytes(space.entry(), '\n', '\n', at);
            for (int i = 0; i < DEEPEST_INDENT; i++) {
                builder.jump(at, space.exit());
                int next = builder.state();
                builder.bytes(at, ' ', ' ', next);
                at = next;
            }
            builder.jump(at, space.exit());
        }
        builder.call(from, space, to);
    }

    /** The state behind a comma and the space after it. */
    int comma(int from) {
        int read = builder.state();
        builder.literal(from, ",", read);
        int to = builder.state();
        space(read, to);
        return to;
    }

    /** The state behind a colon and the blank after it. */
    int colon(int from) {
        int to = builder.state();
        builder.literal(from, ":", to);
        int blank = builder.state();
        builder.literal(to, " ", blank);
        builder.jump(to, blank);
        return blank;
    }

    /** The state behind an opening bracket and the space after it. */
    int open(int from, String bracket) {
        int read = builder.state();
        builder.literal(from, bracket, read);
        int to = builder.state();
        space(read, to);
        return to;
    }

    void close(int from, String bracket, int to) {
        int before = builder.state();
        space(from, before);
        builder.literal(before, bracket, to);
    }

    /** Any value, nested as deep as it likes. */
    void value(int from, int to) {
        if (value == null) {
            value = builder.rule();
            builder.literal(value.entry(), "null", value.exit());
            builder.literal(value.entry(), "true", value.exit());
            builder.literal(value.entry(), "false", value.exit());
            number(value.entry(), value.exit());
            string(value.entry(), value.exit());
            object(value.entry(), value.exit());
            array(value.entry(), value.exit());
        }
        builder.call(from, value, to);
    }

    /** Any object. */
    void object(int from, int to) {
        if (object == null) {
            object = builder.rule();
            int first = open(object.entry(), "{");
            builder.literal(first, "}", object.exit());
            int more = builder.state();
            entry(first, more);
            entry(comma(more), more);
            close(more, "}", object.exit());
        }
        builder.call(from, object, to);
    }

    private void entry(int from, int to) {
        int named = builder.state();
        string(from, named);
        value(colon(named), to);
    }

    private void array(int from, int to) {
        int first = open(from, "[");
        builder.literal(first, "]", to);
        int more = builder.state();
        value(first, more);
        value(comma(more), more);
        close(more, "]", to);
    }

    /** Any string. */
    void string(int from, int to) {
        if (string == null) {
            string = builder.rule();
            int inside = builder.state();
            builder.literal(string.entry(), "\"", inside);
            characters.write(inside, CodePoints.ALL, inside);
            builder.literal(inside, "\"", string.exit());
        }
        builder.call(from, string, to);
    }

    /** A string of {@code least} characters or more; at most {@code most} if that is not negative. */
    void string(int from, int least, int most, int to) {
        int at = builder.state();
        builder.literal(from, "\"", at);
        int end = builder.state();
        builder.literal(end, "\"", to);
        for (int length = 0; length < Math.max(least, most); length++) {
            if (length >= least) {
                builder.jump(at, end);
            }
            int next = builder.state();
            characters.write(at, CodePoints.ALL, next);
            at = next;
        }
        if (most < 0) {
            characters.write(at, CodePoints.ALL, at);
        }
        builder.jump(at, end);
    }

    /** A string that is none of the names. */
    void stringOtherThan(Set<String> names, int from, int to) {
        int inside = builder.state();
        builder.literal(from, "\"", inside);
        int end = builder.state();
        builder.literal(end, "\"", to);
        int free = builder.state();
        characters.write(free, CodePoints.ALL, free);
        builder.jump(free, end);
        new NameTrie(names).writeComplement(characters, inside, free, end);
    }

    /** A number without an exponent. */
    void number(int from, int to) {
        int whole = builder.state();
        integer(from, whole);
        builder.jump(whole, to);
        int point = builder.state();
        builder.literal(whole, ".", point);
        digits(point, 1, MOST_DIGITS, to);
    }

    void integer(int from, int to) {
        int positive = builder.state();
        builder.jump(from, positive);
        builder.literal(from, "-", positive);
        builder.literal(positive, "0", to);
        int rest = builder.state();
        builder.bytes(positive, '1', '9', rest);
        digits(rest, 0, MOST_DIGITS, to);
    }

    /** From {@code least} to {@code most} digits. */
    void digits(int from, int least, int most, int to) {
        int at = from;
        for (int count = 0; count < most; count++) {
            if (count >= least) {
                builder.jump(at, to);
            }
            int next = builder.state();
            builder.bytes(at, '0', '9', next);
            at = next;
        }
        builder.jump(at, to);
    }
}
