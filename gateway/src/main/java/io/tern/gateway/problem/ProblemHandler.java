package io.tern.gateway.problem;

import io.tern.gateway.web.RequestId;
import io.tern.wire.StrictJson;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** The edge: whatever a route throws before its answer began is written as a problem. */
public final class ProblemHandler implements WebExceptionHandler, Ordered {
    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

    @Override
    public int getOrder() {
        return -2; // before Spring Boot's own at -1
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            return Mono.error(error);
        }
        Problem problem = Problems.of(error);
        String requestId = RequestId.of(exchange);
        logIfOurs(problem, requestId, error);
        ProblemStyle style = ProblemStyle.of(exchange);
        HttpHeaders headers = response.getHeaders();
        headers.clearContentHeaders();
        headers.setContentType(style.mediaType());
        headers.setCacheControl("no-store");
        if (error instanceof MethodNotAllowedException wrong) {
            headers.setAllow(wrong.getSupportedMethods());
        }
        Duration retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        response.setStatusCode(problem.status());
        byte[] body = StrictJson.bytes(style.body(problem, requestId));
        headers.setContentLength(body.length);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }

    /** Shared by streams, whose errors come after their answer began. */
    public static void logIfOurs(Problem problem, String requestId, Throwable error) {
        if (problem.code().equals("internal_error") && !(error instanceof ProblemException)) {
            log.error("request {} failed", requestId, error);
        }
    }
}
