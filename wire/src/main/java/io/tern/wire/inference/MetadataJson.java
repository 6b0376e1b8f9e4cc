package io.tern.wire.inference;

import io.tern.inference.v2.ModelConfig;
import io.tern.inference.v2.ModelMetadataResponse;
import io.tern.inference.v2.ModelMetadataResponse.TensorMetadata;
import io.tern.inference.v2.RepositoryIndexResponse;
import io.tern.inference.v2.ServerMetadataResponse;
import io.tern.wire.StrictJson;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a server and its models are, under the names that the messages have. */
public final class MetadataJson {
    private MetadataJson() {}

    public static JsonNode server(ServerMetadataResponse server) {
        ObjectNode node = StrictJson.newObject().put("name", server.getName()).put("version", server.getVersion());
        server.getExtensionsList().forEach(node.putArray("extensions")::add);
        return node;
    }

    public static JsonNode model(ModelMetadataResponse model) {
        ObjectNode node = StrictJson.newObject().put("name", model.getName());
        model.getVersionsList().forEach(node.putArray("versions")::add);
        node.put("platform", model.getPlatform());
        tensors(node.putArray("inputs"), model.getInputsList());
        tensors(node.putArray("outputs"), model.getOutputsList());
        return node;
    }

    private static void tensors(ArrayNode nodes, List<TensorMetadata> tensors) {
        for (TensorMetadata tensor : tensors) {
            ObjectNode node = nodes.addObject().put("name", tensor.getName()).put("datatype", tensor.getDatatype());
            tensor.getShapeList().forEach(node.putArray("shape")::add);
        }
    }

    public static JsonNode config(ModelConfig config) {
        ObjectNode node = StrictJson.newObject()
                .put("name", config.getName())
                .put("platform", config.getPlatform())
                .put("backend", config.getBackend())
                .put("max_batch_size", config.getMaxBatchSize());
        ArrayNode inputs = node.putArray("input");
        config.getInputList()
                .forEach(input ->
                        end(inputs, input.getName(), input.getDataType().name(), input.getDimsList()));
        ArrayNode outputs = node.putArray("output");
        config.getOutputList()
                .forEach(output ->
                        end(outputs, output.getName(), output.getDataType().name(), output.getDimsList()));
        return node;
    }

    private static void end(ArrayNode ends, String name, String type, List<Long> dimensions) {
        ObjectNode node = ends.addObject().put("name", name).put("data_type", type);
        dimensions.forEach(node.putArray("dims")::add);
    }

    public static JsonNode index(RepositoryIndexResponse index) {
        ArrayNode nodes = StrictJson.newArray();
        index.getModelsList()
                .forEach(model -> nodes.addObject()
                        .put("name", model.getName())
                        .put("version", model.getVersion())
                        .put("state", model.getState()));
        return nodes;
    }
}
