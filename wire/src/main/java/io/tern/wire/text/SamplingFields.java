package io.tern.wire.text;

import io.tern.base.TernException;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.wire.Fields;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The fields that chat and completions share. */
final class SamplingFields {
    private SamplingFields() {}

    /** @param sent what the fields of the request are called here, where that is something else: it is added to */
    static void read(Fields fields, GenerateRequest.Builder request, Map<String, String> sent) {
        fields.text("model").ifPresent(request::setModel);
        fields.number("temperature").ifPresent(request::setTemperature);
        fields.number("top_p").ifPresent(request::setTopP);
        // vLLM's clients say -1 where they want all.
        fields.int32("top_k").ifPresent(topK -> request.setTopK(topK == -1 ? 0 : topK));
        fields.number("min_p").ifPresent(request::setMinP);
        fields.number("repetition_penalty").ifPresent(request::setRepetitionPenalty);
        fields.number("presence_penalty").ifPresent(request::setPresencePenalty);
        fields.number("frequency_penalty").ifPresent(request::setFrequencyPenalty);
        fields.seed("seed").ifPresent(request::setSeed);
        request.addAllStop(fields.texts("stop"));
        request.addAllStopTokenIds(fields.int32s("stop_token_ids"));
        fields.flag("ignore_eos").ifPresent(request::setIgnoreEos);
        SpeculationJson.read(fields).ifPresent(request::setSpeculation);
        readLogitBias(fields, request);
        OutputFields.read(fields, request);
        new FormFields(request, sent).read(fields);
        fields.accept("user", "safety_identifier");
        PeerFields.read(fields);
    }

    private static void readLogitBias(Fields fields, GenerateRequest.Builder request) {
        fields.node("logit_bias").ifPresent(node -> {
            TernException wrong = fields.invalid("logit_bias", "object of finite numbers by token id");
            if (!(node instanceof ObjectNode biases)) {
                throw wrong;
            }
            biases.properties().forEach(entry -> {
                double bias = entry.getValue().isNumber() ? entry.getValue().asDouble() : Double.NaN;
                if (!Double.isFinite(bias)) {
                    throw wrong;
                }
                try {
                    request.putLogitBias(Integer.parseInt(entry.getKey()), bias);
                } catch (NumberFormatException _) {
                    throw wrong;
                }
            });
        });
    }
}
