package io.tern.wire.vision;

import io.tern.base.TernException;
import io.tern.embedding.v1.EmbedRequest;
import io.tern.embedding.v1.EmbedResponse;
import io.tern.embedding.v1.Embedding;
import io.tern.embedding.v1.TokenIds;
import io.tern.wire.Base64Text;
import io.tern.wire.Fields;
import io.tern.wire.Scalars;
import io.tern.wire.StrictJson;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/embeddings}. */
public final class EmbeddingsJson {
    private static final String INPUT =
            "string, array of strings, array of token ids, array of such arrays or array of {\"image\"}";

    private EmbeddingsJson() {}

    /** @param base64 vectors are told as base64 of little-endian float32 instead of numbers */
    public record Question(EmbedRequest embed, boolean base64) {}

    /** @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported */
    public static Question request(ObjectNode body) {
        Fields fields = Fields.of(body);
        EmbedRequest.Builder request = EmbedRequest.newBuilder();
        fields.text("model").ifPresent(request::setModel);
        readInput(fields, request);
        fields.int32("dimensions").ifPresent(request::setDimensions);
        String format = fields.text("encoding_format").orElse("float");
        if (!format.equals("float") && !format.equals("base64")) {
            throw fields.invalid("encoding_format", "float or base64");
        }
        fields.text("user");
        fields.refuseUnknown();
        return new Question(request.build(), format.equals("base64"));
    }

    private static void readInput(Fields fields, EmbedRequest.Builder request) {
        JsonNode input = fields.node("input").orElseThrow(() -> fields.invalid("input", INPUT));
        if (input.isString()) {
            request.addInput(input.stringValue());
        } else if (!input.isArray() || input.isEmpty()) {
            throw fields.invalid("input", INPUT);
        } else if (input.values().stream().allMatch(JsonNode::isString)) {
            input.values().forEach(text -> request.addInput(text.stringValue()));
        } else if (input.values().stream().allMatch(JsonNode::isNumber)) {
            request.addTokenIds(tokens(fields, input));
        } else if (input.values().stream().anyMatch(JsonNode::isObject)) {
            request.addAllPictures(PicturesJson.pictures(fields, "input", input));
        } else {
            input.values().forEach(ids -> request.addTokenIds(tokens(fields, ids)));
        }
    }

    private static TokenIds tokens(Fields fields, JsonNode node) {
        List<Integer> ids = Scalars.int32s(node);
        if (ids == null) {
            throw fields.invalid("input", INPUT);
        }
        return TokenIds.newBuilder().addAllIds(ids).build();
    }

    /** OpenAI's list. */
    public static ObjectNode answer(Question question, EmbedResponse response) {
        ObjectNode node = StrictJson.newObject().put("object", "list");
        ArrayNode data = node.putArray("data");
        for (Embedding embedding : response.getDataList()) {
            ObjectNode one = data.addObject().put("object", "embedding").put("index", embedding.getIndex());
            if (embedding.hasBox()) {
                one.put("box", embedding.getBox());
            }
            if (question.base64()) {
                one.put("embedding", Base64Text.encode(bytes(embedding.getEmbeddingList())));
            } else {
                ArrayNode values = one.putArray("embedding");
                embedding.getEmbeddingList().forEach(values::add);
            }
        }
        node.put("model", response.getModel());
        int tokens = response.getUsage().getPromptTokens();
        node.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return node;
    }

    private static byte[] bytes(List<Float> values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.size()).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(bytes::putFloat);
        return bytes.array();
    }
}
