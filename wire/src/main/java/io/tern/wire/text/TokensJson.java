package io.tern.wire.text;

import io.tern.base.TernException;
import io.tern.decoding.v1.DetokenizeRequest;
import io.tern.decoding.v1.DetokenizeResponse;
import io.tern.decoding.v1.TokenizeRequest;
import io.tern.decoding.v1.TokenizeResponse;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /tokenize} and {@code /detokenize}, as vLLM has them. */
public final class TokensJson {
    private TokensJson() {}

    /** @param showTexts the text of each token is told too */
    public record Question(TokenizeRequest tokenize, boolean showTexts) {}

    /** @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported */
    public static Question tokenize(ObjectNode body) {
        Fields fields = Fields.of(body);
        TokenizeRequest.Builder request = TokenizeRequest.newBuilder();
        fields.text("model").ifPresent(request::setModel);
        boolean showTexts = fields.flag("return_token_strs").orElse(false);
        if (fields.has("messages")) {
            request.addAllMessages(MessagesJson.read(fields));
            fields.onlyNeutral("add_special_tokens", false); // the template has written them
            fields.flag("add_generation_prompt").ifPresent(request::setAddGenerationPrompt);
            TemplateFields.variables(fields).ifPresent(request::setChatTemplateKwargs);
        } else {
            request.setText(fields.text("prompt").orElseThrow(() -> fields.invalid("prompt", "string, or messages")));
            request.setWithoutBeginning(!fields.flag("add_special_tokens").orElse(true));
        }
        fields.refuseUnknown();
        return new Question(request.build(), showTexts);
    }

    public static ObjectNode answer(Question question, TokenizeResponse response) {
        ObjectNode node = StrictJson.newObject()
                .put("count", response.getTokenIdsCount())
                .put("max_model_len", response.getContextLength());
        ArrayNode ids = node.putArray("tokens");
        response.getTokenIdsList().forEach(ids::add);
        if (question.showTexts()) {
            ArrayNode texts = node.putArray("token_strs");
            response.getTokensList().forEach(texts::add);
        } else {
            node.putNull("token_strs");
        }
        return node;
    }

    /** @throws TernException INVALID_ARGUMENT for a field that is wrong or unknown */
    public static DetokenizeRequest detokenize(ObjectNode body) {
        Fields fields = Fields.of(body);
        DetokenizeRequest.Builder request = DetokenizeRequest.newBuilder();
        fields.text("model").ifPresent(request::setModel);
        if (!fields.has("tokens")) {
            throw fields.invalid("tokens", "array of token ids");
        }
        request.addAllTokenIds(fields.int32s("tokens"));
        fields.refuseUnknown();
        return request.build();
    }

    public static ObjectNode answer(DetokenizeResponse response) {
        return StrictJson.newObject().put("prompt", response.getText());
    }
}
