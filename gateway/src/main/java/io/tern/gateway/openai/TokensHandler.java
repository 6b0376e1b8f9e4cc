package io.tern.gateway.openai;

import io.grpc.MethodDescriptor;
import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.gateway.problem.ProblemException;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.gateway.web.RequestId;
import io.tern.wire.TokensJson;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /tokenize} and {@code /detokenize}, where vLLM has them. */
public final class TokensHandler {
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
                .flatMap(question -> ask(
                                DecodingServiceGrpc.getTokenizeMethod(), question.tokenize(), request, "text", "prompt")
                        .flatMap(answer -> JsonAnswer.ok(TokensJson.answer(question, answer))));
    }

    private Mono<ServerResponse> detokenize(ServerRequest request) {
        return bodies.json(request, RequestBody.TEXT_LIMIT)
                .map(TokensJson::detokenize)
                .flatMap(question ->
                        ask(DecodingServiceGrpc.getDetokenizeMethod(), question, request, "token_ids", "tokens"))
                .flatMap(answer -> JsonAnswer.ok(TokensJson.answer(answer)));
    }

    /** @param theirs the service's name of the field that was sent as {@code ours} */
    private <Q, A> Mono<A> ask(
            MethodDescriptor<Q, A> method, Q question, ServerRequest request, String theirs, String ours) {
        return decoding.unary(method, question, RequestId.of(request))
                .onErrorMap(
                        ProblemException.class,
                        refused -> new ProblemException(refused.problem().renamed(theirs, ours), refused.getCause()));
    }
}
