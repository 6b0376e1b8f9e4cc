package io.tern.wire.text;

import io.tern.decoding.v1.GenerateRequest;
import io.tern.wire.Fields;
import io.tern.wire.Scalars;

/** vLLM's fields for what a text may say, how short it may be, what is shown of its end, and how much of its prompt is read. */
final class OutputFields {
    private OutputFields() {}

    static void read(Fields fields, GenerateRequest.Builder request) {
        fields.int32("min_tokens").ifPresent(request::setMinTokens);
        fields.node("allowed_token_ids").filter(Scalars::isEmpty).ifPresent(_ -> {
            throw fields.invalid("allowed_token_ids", "one token id at least");
        });
        request.addAllAllowedTokenIds(fields.int32s("allowed_token_ids"));
        request.addAllBadWords(fields.texts("bad_words"));
        fields.flag("include_stop_str_in_output").ifPresent(request::setIncludeStopStrInOutput);
        fields.flag("skip_special_tokens").ifPresent(request::setSkipSpecialTokens);
        fields.int32("truncate_prompt_tokens").ifPresent(request::setTruncatePromptTokens);
    }

    static TokenNames readTokenNames(Fields fields) {
        return fields.flag("return_tokens_as_token_ids").orElse(false) ? TokenNames.BY_ID : TokenNames.BY_TEXT;
    }

    /** vLLM tells them of whole answers only. */
    static void readPromptLogprobs(Fields fields, boolean stream, GenerateRequest.Builder request) {
        fields.int32("prompt_logprobs").ifPresent(count -> {
            if (stream) {
                throw fields.invalid("prompt_logprobs", "none in a stream");
            }
            request.setPromptLogprobs(count);
        });
    }
}
