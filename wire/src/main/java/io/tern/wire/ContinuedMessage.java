package io.tern.wire;

import io.tern.base.TernException;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.Message;
import java.util.List;

/**
 * vLLM's {@code continue_final_message}: the last message, an assistant's, is not ended but gone on with; the answer is what
 * follows it. Its clients send {@code add_generation_prompt: false} with it, which alone is not built: a turn would then be
 * written by nobody.
 */
final class ContinuedMessage {
    private ContinuedMessage() {}

    static void read(Fields fields, List<Message> messages, GenerateRequest.Builder request) {
        boolean continued = fields.flag("continue_final_message").orElse(false);
        boolean opens = fields.flag("add_generation_prompt").orElse(!continued);
        if (opens == continued) {
            throw fields.invalid("add_generation_prompt", !continued + " with continue_final_message: " + continued);
        }
        if (!continued) {
            request.addAllMessages(messages);
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
