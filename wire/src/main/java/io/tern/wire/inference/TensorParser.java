package io.tern.wire.inference;

import io.tern.base.TernException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Makes parsers of requests' JSON: RFC 8259 with NaN and Infinity, which Python writes and Triton reads. How many values
 * there are is bounded by the body's size alone, as they are read one by one.
 */
final class TensorParser {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNumberLength(64)
                    .maxNameLength(1_024)
                    .maxStringLength(1 << 25) // as long as a body: pictures stand in base64 in elements of BYTES
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private TensorParser() {}

    /** @throws JacksonException from its methods, as from this */
    static JsonParser of(byte[] json, int from, int to) {
        return FACTORY.createParser(ObjectReadContext.empty(), json, from, to - from);
    }

    /** @throws TernException INVALID_ARGUMENT if the parser is at another token */
    static void require(JsonParser parser, JsonToken expected, String field, String what) {
        if (parser.currentToken() != expected) {
            throw unexpected(parser, field, what);
        }
    }

    static TernException unexpected(JsonParser parser, String field, String expected) {
        JsonToken token = parser.currentToken();
        Object found = switch (token) {
            case null -> "nothing";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case END_ARRAY, END_OBJECT -> "an end";
            default -> token == JsonToken.VALUE_STRING ? '"' + parser.getString() + '"' : parser.getString();
        };
        return TernException.invalid(field, found, expected);
    }
}
