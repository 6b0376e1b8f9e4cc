package io.tern.wire.inference;

import io.tern.base.TernException;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.wire.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/** Inference requests: JSON alone, or JSON with the elements of its tensors behind it (Triton's binary tensor data). */
public final class InferJson {
    /** Tells how many bytes of a body are its JSON. */
    public static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    private InferJson() {}

    /**
     * A request, and how its answer is to be written.
     *
     * @param request its inputs are raw contents
     */
    public record Question(ModelInferRequest request, BinaryOutputs binary) {}

    /**
     * @param version of the model; empty: none was said
     * @param body not written to afterwards
     * @param headerLength value of {@link #HEADER_LENGTH}; null: all of the body is JSON
     * @throws TernException INVALID_ARGUMENT
     */
    public static Question question(String model, String version, byte[] body, @Nullable String headerLength) {
        int json = headerLength == null ? body.length : length(headerLength, body.length);
        StrictJson.requireUtf8(body, json);
        ModelInferRequest.Builder request =
                ModelInferRequest.newBuilder().setModelName(model).setModelVersion(version);
        try (JsonParser parser = TensorParser.of(body, 0, json)) {
            return new InferReader(request, body, json, parser).read();
        } catch (JacksonException e) {
            throw StrictJson.broken(e);
        }
    }

    private static int length(String header, int most) {
        boolean fits = header.matches("[0-9]{1,9}") && Integer.parseInt(header) <= most;
        TernException.require(fits, HEADER_LENGTH, header, "0.." + most + ", the body's length");
        return Integer.parseInt(header);
    }
}
