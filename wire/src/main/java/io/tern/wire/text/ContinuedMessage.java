package io.tern.wire.text;

import io.tern.base.TernException;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.Message;
import io.tern.wire.Fields;
import java.util.List;

/**
 * How a conversation goes over into the answer. It opens the assistant's turn; or, with vLLM's {@code continue_final_message},
 * the last message, an assistant's, is not ended but gone on with, and the answer is what follows it. Its clients send {@code
 * add_generation_prompt: false} with it; that alone leaves the turn to the model.
 */
final class ContinuedMessage {
    private ContinuedMessage() {}

    static void read(Fields fields, List<Message> messages, GenerateRequest.Builder request) {
        boolean continued = fields.flag("continue_final_message").orElse(false);
        boolean opens = fields.flag("add_generation_prompt").orElse(!continued);
        if (opens && continued) {
            throw fields.invalid("add_generation_prompt", "false with continue_final_message: true");
        }
        if (!continued) {
            request.addAllMessages(messages);
            if (!opens) {
                request.setAddGenerationPrompt(false);
            }
            return;
        }
        Message last = messages.getLast();
        boolean saysSomething =
                last.getRole().equals("assistant") && !last.getContent().isEmpty() && last.getToolCallsCount() == 0;
        TernException.require(
                saysSomething && messages.size() > 1,
                "continue_final_message",
                true,
                "a last message of the assistant with words and no calls, after another message");
        request.addAllMessages(messages.subList(0, messages.size() - 1)).setAnswerPrefix(last.getContent());
    }
}
