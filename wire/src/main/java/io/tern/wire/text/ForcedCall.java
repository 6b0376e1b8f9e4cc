package io.tern.wire.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A call of one of several tools as its text comes: an object of a name and then of arguments, as its form has it. One thread
 * at a time.
 */
final class ForcedCall {
    /** A tool's name needs no escapes. */
    private static final Pattern HEAD =
            Pattern.compile("\\s*\\{\\s*\"name\"\\s*:\\s*\"([^\"]*)\"\\s*,\\s*\"(?:arguments|parameters)\"\\s*:");

    private final StringBuilder head = new StringBuilder();
    private @Nullable String name;
    /** Objects and lists of the arguments that are open; -1 behind them. */
    private int depth;

    private boolean quoted;
    private boolean escaped;

    /** Of the tool; null until it and what stands before the arguments have come. */
    @Nullable
    String name() {
        return name;
    }

    /** What more text says of the arguments. */
    String append(String text) {
        if (name != null) {
            return arguments(text);
        }
        head.append(text);
        Matcher begun = HEAD.matcher(head);
        if (!begun.lookingAt()) {
            return "";
        }
        name = begun.group(1);
        return arguments(head.substring(begun.end()));
    }

    private String arguments(String text) {
        StringBuilder arguments = new StringBuilder();
        for (char c : text.toCharArray()) {
            boolean between = depth == 0 && !quoted && Character.isWhitespace(c);
            if (depth >= 0 && !between) {
                read(c);
                arguments.append(depth >= 0 ? Character.toString(c) : "");
            }
        }
        return arguments.toString();
    }

    private void read(char c) {
        if (quoted) {
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
}
