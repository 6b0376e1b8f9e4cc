package io.tern.gateway.problem;

import io.tern.wire.StrictJson;
import java.util.List;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import tools.jackson.databind.node.ObjectNode;

/** The JSON shapes of a problem. */
public enum ProblemStyle {
    /** {@code {"error": {"message", "type", "param", "code"}, "request_id"}}. */
    OPENAI(MediaType.APPLICATION_JSON) {
        @Override
        public ObjectNode body(Problem problem, String requestId) {
            ObjectNode node = StrictJson.newObject();
            node.putObject("error")
                    .put("message", problem.message())
                    .put("type", type(problem))
                    .put("param", problem.param())
                    .put("code", problem.code());
            return node.put("request_id", requestId);
        }
    },
    /** The Open Inference Protocol's {@code {"error": "message"}}, with {@code code} and {@code request_id}. */
    INFERENCE(MediaType.APPLICATION_JSON) {
        @Override
        public ObjectNode body(Problem problem, String requestId) {
            return StrictJson.newObject()
                    .put("error", problem.message())
                    .put("code", problem.code())
                    .put("request_id", requestId);
        }
    },
    /** RFC 9457, with {@code code} and {@code request_id}. */
    PROBLEM_JSON(MediaType.APPLICATION_PROBLEM_JSON) {
        @Override
        public ObjectNode body(Problem problem, String requestId) {
            ObjectNode node = StrictJson.newObject()
                    .put("type", "about:blank")
                    .put("title", problem.status().getReasonPhrase())
                    .put("status", problem.status().value())
                    .put("detail", problem.message())
                    .put("code", problem.code());
            if (problem.param() != null) {
                node.put("param", problem.param());
            }
            return node.put("request_id", requestId);
        }
    };

    /** Beside OpenAI's. */
    private static final List<String> OWN_ROUTES = List.of("/v1/jobs", "/v1/detections", "/v1/similar");
    /** vLLM's, whose clients read OpenAI's errors. */
    private static final Set<String> TOKEN_ROUTES = Set.of("/tokenize", "/detokenize");

    private final MediaType mediaType;

    ProblemStyle(MediaType mediaType) {
        this.mediaType = mediaType;
    }

    public abstract ObjectNode body(Problem problem, String requestId);

    public MediaType mediaType() {
        return mediaType;
    }

    /** OpenAI's routes answer in OpenAI's way. */
    public static ProblemStyle of(ServerWebExchange exchange) {
        return ofPath(exchange.getRequest().getPath().pathWithinApplication().value());
    }

    static ProblemStyle ofPath(String path) {
        if (path.equals("/v2") || path.startsWith("/v2/")) {
            return INFERENCE;
        }
        return path.startsWith("/v1/") && OWN_ROUTES.stream().noneMatch(path::startsWith)
                        || TOKEN_ROUTES.contains(path)
                        || path.startsWith("/upstreams/")
                ? OPENAI
                : PROBLEM_JSON;
    }

    private static String type(Problem problem) {
        return switch (problem.status()) {
            case UNAUTHORIZED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case TOO_MANY_REQUESTS -> "rate_limit_error";
            default -> problem.status().is5xxServerError() ? "server_error" : "invalid_request_error";
        };
    }
}
