package io.tern.gateway.batches;

import io.tern.base.TernException;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** From a line to what it asks for. Its body is its route's to judge, when it is asked. */
record LineReader(BatchEndpoint endpoint) {
    private static final int MAX_ID_LENGTH = 256;
    /** Of a name that is told of; none of ours is longer. */
    private static final int MAX_MODEL_LENGTH = 256;

    private static final String CUSTOM_ID = "custom_id";

    /** Carries what is wrong with a line. */
    static final class FaultyLine extends Exception {
        private final transient LineFault fault;

        private FaultyLine(LineFault fault) {
            super(fault.message(), null, false, false);
            this.fault = fault;
        }

        LineFault fault() {
            return fault;
        }
    }

    LineRequest read(InputLine line) throws FaultyLine {
        byte[] bytes = line.bytes();
        if (bytes == null) {
            throw fault(
                    line,
                    "line_too_long",
                    "line: too long (expected: at most " + endpoint.maxLineBytes() + " bytes)",
                    null);
        }
        ObjectNode object;
        try {
            object = StrictJson.object(bytes);
        } catch (TernException e) {
            throw fault(line, "invalid_json_line", aboutLine(e), null);
        }
        return read(line, object);
    }

    /** What a line calls itself, whatever else is in it; empty if it does not say. */
    static String customId(InputLine line) {
        byte[] bytes = line.bytes();
        try {
            return bytes == null ? "" : StrictJson.object(bytes).path(CUSTOM_ID).asString("");
        } catch (RuntimeException _) { // broadly: it is asked of lines that nothing could be made of
            return "";
        }
    }

    private LineRequest read(InputLine line, ObjectNode object) throws FaultyLine {
        Fields fields = Fields.of(object);
        try {
            String id = id(line, fields);
            require(line, fields, "method", "POST", "invalid_method");
            require(line, fields, "url", endpoint.path(), "invalid_url");
            if (!(fields.node("body").orElse(null) instanceof ObjectNode body)) {
                throw fault(line, code(fields, "body", "invalid_argument"), fields.invalid("body", "an object"));
            }
            fields.refuseUnknown();
            return new LineRequest(line.number(), id, model(body), body);
        } catch (TernException e) {
            throw fault(line, e.code().wireName(), e);
        }
    }

    private static String id(InputLine line, Fields fields) throws FaultyLine {
        String expected = "a string of 1.." + MAX_ID_LENGTH + " characters";
        Optional<JsonNode> node = fields.node(CUSTOM_ID);
        if (node.filter(JsonNode::isString).isEmpty()) {
            throw fault(line, code(fields, CUSTOM_ID, "invalid_argument"), fields.invalid(CUSTOM_ID, expected));
        }
        String id = node.get().stringValue();
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw fault(
                    line, "invalid_argument", TernException.invalid(CUSTOM_ID, id.length() + " characters", expected));
        }
        return id;
    }

    private static void require(InputLine line, Fields fields, String name, String expected, String code)
            throws FaultyLine {
        if (!fields.node(name)
                .filter(node -> node.isString() && node.stringValue().equals(expected))
                .isPresent()) {
            throw fault(line, code(fields, name, code), fields.invalid(name, expected));
        }
    }

    private static @Nullable String model(ObjectNode body) {
        JsonNode model = body.path("model");
        return model.isString() && model.stringValue().length() <= MAX_MODEL_LENGTH ? model.stringValue() : null;
    }

    private static String code(Fields fields, String name, String otherwise) {
        return fields.node(name).isEmpty() ? "missing_required_parameter" : otherwise;
    }

    private static String aboutLine(TernException e) {
        return String.valueOf(e.getMessage()).replaceFirst("^body", "line").replace(" at line 1, column", " at column");
    }

    private static FaultyLine fault(InputLine line, String code, TernException e) {
        return fault(line, code, String.valueOf(e.getMessage()), e.field());
    }

    private static FaultyLine fault(InputLine line, String code, String message, @Nullable String param) {
        return new FaultyLine(new LineFault(code, message, param, line.number()));
    }
}
