package io.tern.text.call;

import java.io.Serial;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** A place in a text of names and literals as Python has them. */
final class PythonCursor {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][\\w.-]{0,127}");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,64}(\\.\\d{1,64})?([eE][+-]?\\d{1,3})?");
    private static final Map<String, JsonNode> WORDS = Map.of(
            "True", BooleanNode.TRUE,
            "False", BooleanNode.FALSE,
            "None", NullNode.instance,
            "true", BooleanNode.TRUE,
            "false", BooleanNode.FALSE,
            "null", NullNode.instance);
    private static final String ESCAPES = "ntrbf\\'\"/";
    private static final String ESCAPED = "\n\t\r\b\f\\'\"/";
    private static final int HEX_DIGITS = 4;
    private static final int HEX = 16;
    private static final int MOST_NESTED = 64;

    private final String text;
    private int at;
    private int depth;

    PythonCursor(String text) {
        this.text = text;
    }

    /** What stands here is something else. */
    static final class NoLiteralException extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        NoLiteralException() {
            super("no name or literal", null, false, false);
        }
    }

    boolean atEnd() {
        at = Marks.behindSpace(text, at);
        return at == text.length();
    }

    void requireEnd() {
        if (!atEnd()) {
            throw new NoLiteralException();
        }
    }

    boolean take(char c) {
        boolean there = !atEnd() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    void require(char c) {
        if (!take(c)) {
            throw new NoLiteralException();
        }
    }

    String name() {
        return match(NAME);
    }

    JsonNode literal() {
        if (atEnd() || depth == MOST_NESTED) {
            throw new NoLiteralException();
        }
        char c = text.charAt(at);
        return switch (c) {
            case '"', '\'' -> StringNode.valueOf(string());
            case '[' -> list();
            case '{' -> mapping();
            default -> c == '-' || Character.isDigit(c) ? number() : word();
        };
    }

    private String match(Pattern pattern) {
        at = Marks.behindSpace(text, at);
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw new NoLiteralException();
        }
        at = matcher.end();
        return matcher.group();
    }

    private JsonNode word() {
        JsonNode value = WORDS.get(name());
        if (value == null) {
            throw new NoLiteralException();
        }
        return value;
    }

    private JsonNode number() {
        String number = match(NUMBER);
        return number.matches("-?\\d+")
                ? BigIntegerNode.valueOf(new BigInteger(number))
                : DecimalNode.valueOf(new BigDecimal(number));
    }

    private ArrayNode list() {
        ArrayNode list = JsonCalls.newObject().putArray("list");
        depth++;
        require('[');
        while (!take(']')) {
            list.add(literal());
            if (!take(',')) {
                require(']');
                break;
            }
        }
        depth--;
        return list;
    }

    private ObjectNode mapping() {
        ObjectNode mapping = JsonCalls.newObject();
        depth++;
        require('{');
        while (!take('}')) {
            String key = string();
            require(':');
            mapping.set(key, literal());
            if (!take(',')) {
                require('}');
                break;
            }
        }
        depth--;
        return mapping;
    }

    private String string() {
        char quote = take('\'') ? '\'' : '"';
        if (quote == '"') {
            require('"');
        }
        StringBuilder string = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            string.append(c == '\\' ? escaped() : c);
        }
        require(quote);
        return string.toString();
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at++) : 0;
        if (c == 'u') {
            return hex();
        }
        int known = ESCAPES.indexOf(c);
        if (known < 0) {
            throw new NoLiteralException();
        }
        return ESCAPED.charAt(known);
    }

    private char hex() {
        String digits = text.substring(at, Math.min(text.length(), at + HEX_DIGITS));
        if (!digits.matches("[0-9a-fA-F]{4}")) {
            throw new NoLiteralException();
        }
        at += HEX_DIGITS;
        return (char) Integer.parseInt(digits, HEX);
    }
}
