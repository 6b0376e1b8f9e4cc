package io.tern.launcher.report;

import io.tern.launcher.plan.Service;
import io.tern.model.v1.Model;
import java.util.List;

/**
 * A model as its service tells of it.
 *
 * @param device {@code cpu} or {@code cuda:0}
 * @param sha256 of the weights
 * @param byDefault answers requests that name no model
 */
public record ServedModel(String id, List<String> capabilities, String device, String sha256, boolean byDefault) {
    private static final int SHORT_HASH = 12;

    public ServedModel {
        capabilities = List.copyOf(capabilities);
    }

    public static ServedModel of(Model model) {
        return new ServedModel(
                model.getId(), model.getCapabilitiesList(), model.getDevice(), model.getSha256(), model.getDefault());
    }

    public boolean runsIn(Service service) {
        return switch (service) {
            case DETECTION -> capabilities.contains("detection");
            case GENERATION -> capabilities.contains("image");
            case DECODING -> capabilities.contains("chat") || capabilities.contains("completion");
            case KAFKA, GATEWAY -> false;
        };
    }

    public String shortHash() {
        return sha256.substring(0, Math.min(SHORT_HASH, sha256.length()));
    }
}
