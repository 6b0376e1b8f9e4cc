package io.tern.gateway.openai;

import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.gateway.problem.SentNames;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.gateway.web.RequestId;
import io.tern.wire.text.TokensJson;
import java.util.List;
import java.util.Map;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /tokenize} and {@code /detokenize}, where vLLM has them. */
public final class TokensHandler {
    private static final SentNames SENT = new SentNames(Map.of("text", "prompt", "token_ids", "tokens"));

    private final RequestBody bodies;
    private final Upstream decoding;

    public TokensHandler(RequestBody bodies, Upstream decoding) {
        this.bodies = bodies;
        this.decoding = decoding;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.post("/tokenize", this::tokenize), Endpoint.post("/detokenize", this::detokenize));
    }

    private Mono<ServerResponse> tokenize(ServerRequest request) {
        return bodies.json(request, RequestBody.TEXT_LIMIT)
                .map(TokensJson::tokenize)
                .flatMap(question -> SENT.of(decoding.unary(
                                DecodingServiceGrpc.getTokenizeMethod(), question.tokenize(), RequestId.of(request)))
                        .flatMap(answer -> JsonAnswer.ok(TokensJson.answer(question, answer))));
    }

    private Mono<ServerResponse> detokenize(ServerRequest request) {
        return bodies.json(request, RequestBody.TEXT_LIMIT)
                .map(TokensJson::detokenize)
                .flatMap(question -> SENT.of(
                        decoding.unary(DecodingServiceGrpc.getDetokenizeMethod(), question, RequestId.of(request))))
                .flatMap(answer -> JsonAnswer.ok(TokensJson.answer(answer)));
    }
}
