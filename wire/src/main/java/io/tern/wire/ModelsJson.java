package io.tern.wire;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.model.v1.Model;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/models}: OpenAI's list, with what a user of a local server wants to know of each model. */
public final class ModelsJson {
    private ModelsJson() {}

    public static ObjectNode list(List<Model> models) {
        ObjectNode node = StrictJson.newObject().put("object", "list");
        ArrayNode data = node.putArray("data");
        models.forEach(model -> data.add(model(model)));
        return node;
    }

    public static ObjectNode model(Model model) {
        ObjectNode node = StrictJson.newObject()
                .put("id", model.getId())
                .put("object", "model")
                .put("created", model.getCreated())
                .put("owned_by", "tern");
        addAll(node.putArray("capabilities"), model.getCapabilitiesList());
        node.put("service", model.getService())
                .put("device", model.getDevice())
                .put("precision", model.getPrecision())
                .put("bit_exact", model.getBitExact())
                .put("licence", model.getLicence())
                .put("sha256", model.getSha256())
                .put("default", model.getDefault());
        if (model.getContextLength() > 0) {
            node.put("context_length", model.getContextLength());
        }
        if (model.getDraftersCount() > 0) {
            node.put("vocabulary_size", model.getVocabularySize());
            node.put("kv_cache", model.getKvCache());
            addAll(node.putArray("drafters"), model.getDraftersList());
            node.put("trees", model.getTrees());
        }
        if (!model.getCallFormat().isEmpty()) {
            node.put("call_format", model.getCallFormat());
        }
        if (model.getClassesCount() > 0) {
            addAll(node.putArray("classes"), model.getClassesList());
        }
        return node;
    }

    private static void addAll(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }

    /**
     * MODEL_NOT_FOUND.
     *
     * @param field that named the model
     * @param served those that there are
     */
    public static TernException unknown(String field, String id, List<Model> served) {
        String known = served.stream().map(Model::getId).collect(Collectors.joining(", "));
        String message = field + ": " + Names.printable(id) + " (expected: one of " + known + ")";
        return new TernException(ErrorCode.MODEL_NOT_FOUND, message, field, null);
    }
}
