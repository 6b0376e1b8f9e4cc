package io.tern.gateway.problem;

import io.tern.base.FieldNames;
import io.tern.base.TernException;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a route calls the fields that a service knows by other names, so that a refusal names what was sent.
 *
 * @param names of the route's fields, by the service's
 */
public record SentNames(FieldNames names) {
    public SentNames(Map<String, String> names) {
        this(FieldNames.of(names));
    }

    /** The same answers; a problem of a field has the name that was sent. */
    public <T> Flux<T> of(Flux<T> answers) {
        return answers.onErrorMap(SentNames::isProblem, this::sent);
    }

    /** The same of one answer. */
    public <T> Mono<T> of(Mono<T> answer) {
        return answer.onErrorMap(SentNames::isProblem, this::sent);
    }

    private static boolean isProblem(Throwable error) {
        return error instanceof ProblemException || error instanceof TernException;
    }

    private Throwable sent(Throwable refused) {
        Problem problem = Problems.of(refused);
        return problem.param() == null ? refused : new ProblemException(problem.told(names), refused.getCause());
    }
}
