package io.tern.gateway.problem;

import org.jspecify.annotations.Nullable;

/** Carries a problem to the edge. It has no stack trace of its own: the cause has. */
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;

    public ProblemException(Problem problem, @Nullable Throwable cause) {
        super(problem.message(), cause, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
