package io.tern.wire.responses;

import io.tern.base.FieldNames;
import io.tern.base.TernException;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import io.tern.wire.text.ChatJson;
import io.tern.wire.text.TextRequest;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * {@code POST /v1/responses}.
 *
 * @param text the same as a chat of one choice
 * @param stream as events on the way
 * @param told what the answer repeats of the request
 */
public record ResponseRequest(TextRequest text, boolean stream, ObjectNode told) {
    /** Of a chat's fields. */
    private static final FieldNames NAMES = FieldNames.of(Map.of(
                    "max_tokens", "max_output_tokens",
                    "max_completion_tokens", "max_output_tokens",
                    "messages", "input",
                    "messages.tool_calls.arguments", "input.arguments",
                    "response_format", "text.format",
                    "response_format.json_schema.schema", "text.format.schema"))
            .then(ToolItems.NAMES);

    /** What a chat has under the same name and with the same meaning. */
    private static final List<String> OF_CHATS = List.of(
            "model",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "repetition_penalty",
            "presence_penalty",
            "frequency_penalty",
            "seed",
            "stop",
            "stop_token_ids",
            "ignore_eos",
            "logit_bias",
            "min_tokens",
            "allowed_token_ids",
            "bad_words",
            "include_stop_str_in_output",
            "skip_special_tokens",
            "truncate_prompt_tokens",
            "structured_outputs",
            "chat_template_kwargs",
            "speculation",
            "user",
            "safety_identifier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "service_tier",
            "metadata");

    private static final String LOGPROBS = "message.output_text.logprobs";

    /** @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported */
    public static ResponseRequest of(ObjectNode body) {
        Fields fields = Fields.of(body);
        ObjectNode chat = StrictJson.newObject();
        for (String name : OF_CHATS) {
            fields.node(name).ifPresent(value -> chat.set(name, value));
        }
        chat.set("messages", InputItems.messages(fields));
        fields.int32("max_output_tokens").ifPresent(most -> chat.put("max_completion_tokens", most));
        readLogprobs(fields, chat);
        FormatFields.read(fields, chat);
        ToolItems.read(fields, chat);
        boolean stream = fields.flag("stream").orElse(false);
        readStreamOptions(fields, stream);
        readWhatChangesNothing(fields);
        fields.refuseUnknown();
        return new ResponseRequest(chat(chat), stream, told(fields));
    }

    /** What the caller calls the fields of what the service is asked. */
    public FieldNames sent() {
        return FieldNames.of(text.sent()).then(NAMES);
    }

    private static TextRequest chat(ObjectNode body) {
        try {
            return ChatJson.request(body);
        } catch (TernException e) {
            throw NAMES.told(e);
        }
    }

    private static void readLogprobs(Fields fields, ObjectNode chat) {
        List<String> include = fields.texts("include");
        for (String part : include) {
            TernException.require(
                    part.equals(LOGPROBS) || part.equals("reasoning.encrypted_content"), "include", part, LOGPROBS);
        }
        boolean wanted = include.contains(LOGPROBS);
        if (wanted) {
            chat.put("logprobs", true);
        }
        fields.int32("top_logprobs").filter(top -> wanted || top != 0).ifPresent(top -> {
            if (!wanted) {
                throw fields.invalid("top_logprobs", "0 unless include has " + LOGPROBS);
            }
            chat.put("top_logprobs", top);
        });
    }

    private static void readStreamOptions(Fields fields, boolean stream) {
        fields.object("stream_options").ifPresent(options -> {
            if (!stream) {
                throw fields.invalid("stream_options", "none without stream: true");
            }
            options.accept("include_obfuscation"); // padding, of which we send none
            options.refuseUnknown();
        });
    }

    private static void readWhatChangesNothing(Fields fields) {
        fields.onlyNeutral("store", false);
        fields.onlyNeutral("background", false);
        fields.onlyNeutral("truncation", "disabled");
        fields.object("reasoning").ifPresent(reasoning -> {
            reasoning.onlyNeutral("effort", "none");
            reasoning.onlyNeutral("summary", "auto");
            reasoning.onlyNeutral("generate_summary", "auto");
            reasoning.refuseUnknown();
        });
        fields.refuse("previous_response_id", "conversation", "prompt", "max_tool_calls", "context_management");
    }

    /** Fields that OpenAI's object always has, with what holds where they were not sent. */
    private static ObjectNode told(Fields fields) {
        ObjectNode told = StrictJson.newObject();
        for (String name :
                List.of("instructions", "max_output_tokens", "temperature", "top_p", "top_logprobs", "user")) {
            told.set(name, fields.node(name).orElse(null));
        }
        ObjectNode text = StrictJson.newObject();
        text.putObject("format").put("type", "text");
        told.set("text", fields.node("text").<JsonNode>map(JsonNode::deepCopy).orElse(text));
        told.set("tools", fields.node("tools").orElse(StrictJson.newArray()));
        told.set("tool_choice", fields.node("tool_choice").orElse(StringNode.valueOf("auto")));
        told.put("parallel_tool_calls", fields.flag("parallel_tool_calls").orElse(true));
        told.set("metadata", fields.node("metadata").orElse(StrictJson.newObject()));
        told.put("store", false).put("background", false).put("truncation", "disabled");
        told.putNull("previous_response_id")
                .putObject("reasoning")
                .putNull("effort")
                .putNull("summary");
        return told;
    }
}
