package io.tern.gateway.batches;

import io.tern.base.Priority;
import io.tern.gateway.keys.KeyLimits;
import io.tern.gateway.problem.Problem;
import io.tern.gateway.problem.ProblemHandler;
import io.tern.gateway.problem.ProblemStyle;
import io.tern.gateway.problem.Problems;
import io.tern.gateway.upstream.CallHead;
import io.tern.gateway.upstream.JsonCall;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Asks lines until they have an answer; what their route refuses is one, too. One that is refused for now is asked again,
 * later and later; one that takes its service away each time it is asked is given up, so that it does not do so for a day.
 *
 * @param limits of the caller
 * @param authorization by which the service tells whose it is; null: nobody's
 * @param isUp whether the service answers; while it does not, it is not asked
 */
record LineRun(
        JsonCall call,
        KeyLimits limits,
        @Nullable String authorization,
        BooleanSupplier isUp,
        Duration firstPause,
        Reins reins) {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** Of a service that was there when it was asked. */
    private static final int MAX_UNAVAILABLE = 5;

    /** Of one line, by one thread. */
    final class Tries {
        private int unavailable;
        private Duration pause = firstPause;
        private Duration rest = Duration.ZERO;

        /** Until it may be asked, or the reins are pulled: the time for which a line need not be in memory. */
        void rest() throws InterruptedException {
            reins.rest(rest);
            while (!isUp.getAsBoolean() && !reins.isPulled()) {
                reins.rest(firstPause);
            }
        }

        /** Null where there is no answer for now, or the batch was stopped before there was one. */
        @Nullable
        LineResult ask(LineRequest line) {
            if (reins.isPulled() || !isUp.getAsBoolean()) {
                return null; // a large line may have waited for its place
            }
            String requestId = UUID.randomUUID().toString();
            try {
                return answer(line, requestId);
            } catch (RuntimeException e) {
                return reins.isCut() ? null : refused(line, requestId, e); // a cut may end it by an error of any kind
            }
        }

        private @Nullable LineResult refused(LineRequest line, String requestId, RuntimeException e) {
            Problem problem = Problems.of(Exceptions.unwrap(e));
            unavailable += problem.status() == HttpStatus.SERVICE_UNAVAILABLE ? 1 : 0;
            if (!isForNow(problem) || unavailable >= MAX_UNAVAILABLE) {
                ProblemHandler.logIfOurs(problem, requestId, e);
                return failed(line, problem, requestId);
            }
            rest = longer(pause, problem.retryAfter());
            pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            return null;
        }
    }

    Tries tries() {
        return new Tries();
    }

    private @Nullable LineResult answer(LineRequest line, String requestId) {
        Mono<? extends JsonNode> answer =
                call.question(line.body(), limits).ask(new CallHead(requestId, Priority.BATCH, authorization));
        JsonNode body = answer.takeUntilOther(reins.cut()).block();
        if (body != null) {
            return LineResult.answered(line.line(), line.customId(), HttpStatus.OK.value(), requestId, body);
        }
        if (reins.isCut()) {
            return null;
        }
        throw new IllegalStateException("the answer to line " + line.line() + " is empty");
    }

    private static LineResult failed(LineRequest line, Problem problem, String requestId) {
        return LineResult.answered(
                line.line(),
                line.customId(),
                problem.status().value(),
                requestId,
                ProblemStyle.OPENAI.body(problem, requestId));
    }

    private static boolean isForNow(Problem problem) {
        return problem.status() == HttpStatus.TOO_MANY_REQUESTS || problem.status() == HttpStatus.SERVICE_UNAVAILABLE;
    }

    private static Duration longer(Duration pause, @Nullable Duration asked) {
        return asked == null || asked.compareTo(pause) < 0 ? pause : asked;
    }

    private static Duration shorter(Duration pause, Duration bound) {
        return pause.compareTo(bound) < 0 ? pause : bound;
    }
}
