package io.tern.catalogue;

import java.util.List;

/**
 * A model of the catalogue.
 *
 * @param id name on the wire
 * @param service which service runs it: {@code detection}, {@code generation} or {@code decoding}
 * @param capabilities as in {@code /v1/models}: {@code chat}, {@code completion}, {@code image}, {@code detection}
 * @param isDefault answers requests that name no model
 * @param isOptional is fetched only when somebody asks for it by name
 * @param licence SPDX identifier
 * @param origin one sentence on where the weights come from
 * @param sampling for language models
 * @param files all files that it needs; the first is the weights, whose hash stands for the model
 */
public record ModelEntry(
        String id,
        String service,
        List<String> capabilities,
        boolean isDefault,
        boolean isOptional,
        String licence,
        String origin,
        SamplingAdvice sampling,
        List<ModelFile> files) {
    public ModelEntry {
        if (!id.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException("id: " + id + " (expected: lower-case letters, digits, '.', '_', '-')");
        }
        if (isDefault && isOptional) {
            throw new IllegalArgumentException("optional of " + id + ": true (expected: false for a default model)");
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("files of " + id + ": none (expected: at least the weights)");
        }
        capabilities = List.copyOf(capabilities);
        files = List.copyOf(files);
    }

    /** Hash of the weights. */
    public String sha256() {
        return files.getFirst().sha256();
    }
}
