package io.tern.wire;

import com.google.protobuf.UnsafeByteOperations;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON as RFC 8259 has it and no further: one value, UTF-8 without a byte order mark, no duplicate keys, no NaN, no
 * half of a surrogate pair, and bounded in depth, values and digits so that a small body cannot cost much.
 */
public final class StrictJson {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_VALUES = 400_000;
    private static final int MAX_NUMBER_LENGTH = 64;
    private static final int MAX_NAME_LENGTH = 1_024;
    private static final int MAX_TEXT_LENGTH = 64 << 20;
    private static final String EXPECTED = "one JSON value in UTF-8";

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_VALUES)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .maxNameLength(MAX_NAME_LENGTH)
                            .maxStringLength(MAX_TEXT_LENGTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /** @throws TernException INVALID_ARGUMENT if the body is no JSON object or breaks a bound */
    public static ObjectNode object(byte[] body) {
        if (read(body) instanceof ObjectNode object) {
            return object;
        }
        throw new TernException(ErrorCode.INVALID_ARGUMENT, "body: not an object (expected: a JSON object)");
    }

    /** @throws TernException INVALID_ARGUMENT if the body is no JSON or breaks a bound */
    public static JsonNode read(byte[] body) {
        requireUtf8(body, body.length);
        JsonNode node;
        try {
            node = MAPPER.readTree(body);
        } catch (StreamConstraintsException e) {
            throw new TernException(
                    ErrorCode.INVALID_ARGUMENT,
                    "body: beyond the bounds (expected: at most %d levels, %d values, numbers of %d and names of %d characters)"
                            .formatted(MAX_DEPTH, MAX_VALUES, MAX_NUMBER_LENGTH, MAX_NAME_LENGTH),
                    null,
                    e);
        } catch (JacksonException e) {
            throw broken(e);
        }
        if (node.isMissingNode()) {
            throw new TernException(ErrorCode.INVALID_ARGUMENT, "body: empty (expected: " + EXPECTED + ")");
        }
        // Strict decoding has left escapes as the only way in for half a surrogate pair.
        if (hasUnicodeEscape(body)) {
            refuseHalfPairs(node);
        }
        return node;
    }

    /** An empty object to fill. */
    public static ObjectNode newObject() {
        return MAPPER.createObjectNode();
    }

    /** An empty array to fill. */
    public static ArrayNode newArray() {
        return MAPPER.createArrayNode();
    }

    /** On one line. */
    public static String text(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    public static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    /**
     * A field's value, which a form holds as text.
     *
     * @throws TernException INVALID_ARGUMENT of that field if the text is no JSON or breaks a bound
     */
    public static JsonNode value(String field, JsonNode node) {
        if (!node.isString()) {
            return node;
        }
        try {
            return read(node.stringValue().getBytes(StandardCharsets.UTF_8));
        } catch (TernException e) {
            throw new TernException(e.code(), String.valueOf(e.getMessage()).replaceFirst("^body", field), field, e);
        }
    }

    /**
     * In place: a body of many megabytes is not copied into characters to look at it.
     *
     * @param length of the JSON, at the body's beginning
     * @throws TernException INVALID_ARGUMENT if it is something else
     */
    public static void requireUtf8(byte[] body, int length) {
        if (length >= 3 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB && body[2] == (byte) 0xBF) {
            throw new TernException(
                    ErrorCode.INVALID_ARGUMENT, "body: byte order mark (expected: " + EXPECTED + " without one)");
        }
        // A zero at the beginning is how the parser would tell UTF-16 and UTF-32.
        boolean wide = length > 0 && body[0] == 0 || length > 1 && body[1] == 0;
        if (wide || !UnsafeByteOperations.unsafeWrap(body, 0, length).isValidUtf8()) {
            throw new TernException(ErrorCode.INVALID_ARGUMENT, "body: not UTF-8 (expected: " + EXPECTED + ")");
        }
    }

    private static boolean hasUnicodeEscape(byte[] body) {
        for (int i = 1; i < body.length; i++) {
            if (body[i] == 'u' && body[i - 1] == '\\') {
                return true;
            }
        }
        return false;
    }

    /** What is told of a body that cannot be read. */
    public static TernException broken(JacksonException e) {
        String place = e.getLocation() == null
                ? ""
                : " at line %d, column %d"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
        String what = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate") ? "duplicate key" : "broken JSON";
        return new TernException(
                ErrorCode.INVALID_ARGUMENT, "body: " + what + place + " (expected: " + EXPECTED + ")", null, e);
    }

    private static void refuseHalfPairs(JsonNode node) {
        if (node.isString()) {
            refuseHalfPairs(node.stringValue());
        }
        node.propertyNames().forEach(StrictJson::refuseHalfPairs);
        node.values().forEach(StrictJson::refuseHalfPairs);
    }

    /** @throws TernException INVALID_ARGUMENT if it is no text that UTF-8 can say */
    public static void refuseHalfPairs(String text) {
        boolean half = text.codePoints().anyMatch(c -> Character.MIN_SURROGATE <= c && c <= Character.MAX_SURROGATE);
        if (half) {
            throw new TernException(
                    ErrorCode.INVALID_ARGUMENT, "body: half of a surrogate pair (expected: " + EXPECTED + ")");
        }
    }
}
