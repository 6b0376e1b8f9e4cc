package io.tern.gateway.upstream;

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
     * @throws io.tern.base.TernException INVALID_ARGUMENT
     */
    Question question(ObjectNode body, KeyLimits limits);

    /** What can be asked, more than once if it must be. */
    @FunctionalInterface
    interface Question {
        /** Errors: {@link io.tern.gateway.problem.ProblemException}, {@link io.tern.base.TernException}. */
        Mono<? extends JsonNode> ask(CallHead head);
    }
}
