package io.tern.gateway.upstream;

import io.tern.base.TernException;
import io.tern.gateway.keys.KeyLimits;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a route does with the JSON that it is sent, without HTTP around it: whole answers, no streams. */
@FunctionalInterface
public interface JsonCall {
    /**
     * Checks names and types, and asks nobody yet.
     *
     * @throws TernException INVALID_ARGUMENT
     */
    Question question(ObjectNode body, KeyLimits limits);

    /** @throws TernException INVALID_ARGUMENT for a stream, which nobody listens to */
    static void requireWhole(boolean stream) {
        TernException.require(!stream, "stream", true, "false, as the answer is given whole");
    }

    /** What can be asked, more than once if it must be. */
    @FunctionalInterface
    interface Question {
        /** Errors: {@link io.tern.gateway.problem.ProblemException}, {@link TernException}. */
        Mono<? extends JsonNode> ask(CallHead head);
    }
}
