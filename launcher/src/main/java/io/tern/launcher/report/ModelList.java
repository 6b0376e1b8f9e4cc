package io.tern.launcher.report;

import io.tern.launcher.LaunchFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the gateway which models it serves. */
public final class ModelList {
    private ModelList() {}

    /** @throws LaunchFailure if the gateway does not answer with a list */
    public static List<ServedModel> from(URI gateway) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) gateway.resolve("/v1/models").toURL().openConnection();
            connection.setConnectTimeout(2000);
            connection.setReadTimeout(10_000);
            try (InputStream body = connection.getInputStream()) {
                return parse(JsonMapper.shared().readTree(body.readAllBytes()));
            }
        } catch (IOException | JacksonException e) {
            throw new LaunchFailure(
                    "the gateway does not list its models: " + e.getMessage(), "read more by: ./tern logs gateway", e);
        }
    }

    static List<ServedModel> parse(JsonNode list) {
        List<ServedModel> models = new ArrayList<>();
        for (JsonNode model : list.required("data")) {
            List<String> capabilities = new ArrayList<>();
            model.path("capabilities").forEach(capability -> capabilities.add(capability.asString()));
            models.add(new ServedModel(
                    model.required("id").asString(),
                    capabilities,
                    model.path("device").asString(""),
                    model.path("sha256").asString(""),
                    model.path("default").asBoolean(false)));
        }
        return models;
    }
}
