package io.tern.gateway.inference;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.health.HealthWatch;
import io.tern.gateway.upstream.CallHead;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.BodyBudget;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.Packing;
import io.tern.gateway.web.RequestBody;
import io.tern.gateway.web.RequestId;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferResponse;
import io.tern.wire.StrictJson;
import io.tern.wire.inference.BinaryOutputs;
import io.tern.wire.inference.InferAnswer;
import io.tern.wire.inference.InferJson;
import io.tern.wire.inference.MetadataJson;
import io.tern.wire.inference.StatisticsJson;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v2}: the Open Inference Protocol, with Triton's binary tensors, configuration, statistics and index. */
public final class InferenceHandler {
    private static final String MODEL = "/v2/models/{model}";
    private static final String VERSION = MODEL + "/versions/{version}";

    /** What is smaller fits into a packet as it is. */
    private static final int LEAST_PACKED_BYTES = 1024;

    private final RequestBody bodies;
    private final InferenceModels models;
    private final HealthWatch watch;

    public InferenceHandler(RequestBody bodies, InferenceModels models, HealthWatch watch) {
        this.bodies = bodies;
        this.models = models;
        this.watch = watch;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/v2", _ -> JsonAnswer.ok(MetadataJson.server(models.server()))),
                Endpoint.get("/v2/health/live", _ -> health("live", true)),
                Endpoint.get(
                        "/v2/health/ready", _ -> health("ready", watch.health().isReady())),
                Endpoint.post("/v2/repository/index", this::index),
                Endpoint.get("/v2/models/stats", this::statistics), // before a model of any name
                Endpoint.get(MODEL, this::metadata),
                Endpoint.get(VERSION, this::metadata),
                Endpoint.get(MODEL + "/ready", this::ready),
                Endpoint.get(VERSION + "/ready", this::ready),
                Endpoint.get(MODEL + "/config", this::config),
                Endpoint.get(VERSION + "/config", this::config),
                Endpoint.get(MODEL + "/stats", this::statistics),
                Endpoint.get(VERSION + "/stats", this::statistics),
                Endpoint.post(MODEL + "/infer", this::infer),
                Endpoint.post(VERSION + "/infer", this::infer));
    }

    private static Mono<ServerResponse> health(String name, boolean up) {
        return JsonAnswer.of(
                up ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
                StrictJson.newObject().put(name, up));
    }

    private Mono<ServerResponse> metadata(ServerRequest request) {
        return models.metadata(model(request), version(request), RequestId.of(request))
                .flatMap(metadata -> JsonAnswer.ok(MetadataJson.model(metadata)));
    }

    private Mono<ServerResponse> config(ServerRequest request) {
        return models.config(model(request), version(request), RequestId.of(request))
                .flatMap(config -> JsonAnswer.ok(MetadataJson.config(config)));
    }

    private Mono<ServerResponse> statistics(ServerRequest request) {
        String model = request.pathVariables().getOrDefault("model", "");
        return models.statistics(model, version(request), RequestId.of(request))
                .flatMap(statistics -> JsonAnswer.ok(StatisticsJson.of(statistics)));
    }

    private Mono<ServerResponse> ready(ServerRequest request) {
        return models.model(model(request), version(request), RequestId.of(request))
                .flatMap(model -> JsonAnswer.ok(
                        StrictJson.newObject().put("name", model.getId()).put("ready", true)));
    }

    /** All models are ready, so that asking for those alone changes nothing. */
    private Mono<ServerResponse> index(ServerRequest request) {
        return body(request, RequestBody.TEXT_LIMIT)
                .doOnNext(body -> {
                    if (body.length > 0) {
                        requireReadyOnly(StrictJson.object(body));
                    }
                })
                .then(models.index(RequestId.of(request)))
                .flatMap(index -> JsonAnswer.ok(MetadataJson.index(index)));
    }

    private static void requireReadyOnly(ObjectNode body) {
        body.properties().forEach(field -> {
            boolean known = field.getKey().equals("ready") && field.getValue().isBoolean();
            TernException.require(known, field.getKey(), field.getValue(), "ready alone, true or false");
        });
    }

    private Mono<ServerResponse> infer(ServerRequest request) {
        return body(request, RequestBody.PICTURE_LIMIT)
                .map(body -> InferJson.question(
                        model(request),
                        version(request),
                        body,
                        request.headers().firstHeader(InferJson.HEADER_LENGTH)))
                .flatMap(question -> models.infer(sendable(question.request()), CallHead.of(request))
                        .flatMap(answer -> answer(request, answer, question.binary())));
    }

    private static ModelInferRequest sendable(ModelInferRequest request) {
        if (request.getSerializedSize() > Upstream.MAX_MESSAGE_BYTES) {
            throw new TernException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "body: too large as a message (expected: at most " + Upstream.MAX_MESSAGE_BYTES + " bytes)");
        }
        return request;
    }

    private static Mono<ServerResponse> answer(
            ServerRequest request, ModelInferResponse response, BinaryOutputs binary) {
        BodyBudget.take(request.exchange(), response.getSerializedSize());
        InferAnswer answer = InferAnswer.of(response, binary);
        BodyBudget.take(request.exchange(), answer.body().length);
        ServerResponse.BodyBuilder builder = ServerResponse.ok()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (answer.isBinary()) {
            builder.contentType(MediaType.APPLICATION_OCTET_STREAM)
                    .header(InferJson.HEADER_LENGTH, Integer.toString(answer.headerLength()));
        } else {
            builder.contentType(MediaType.APPLICATION_JSON);
        }
        Packing packing = answer.body().length < LEAST_PACKED_BYTES
                ? Packing.NONE
                : Packing.ofAnswer(request.headers().asHttpHeaders());
        if (packing == Packing.NONE) {
            return builder.bodyValue(answer.body());
        }
        return builder.header(HttpHeaders.CONTENT_ENCODING, packing.wireName()).bodyValue(packing.pack(answer.body()));
    }

    private Mono<byte[]> body(ServerRequest request, int limit) {
        return bodies.unpacked(request, limit, MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM);
    }

    private static String model(ServerRequest request) {
        return request.pathVariable("model");
    }

    private static String version(ServerRequest request) {
        return request.pathVariables().getOrDefault("version", "");
    }
}
