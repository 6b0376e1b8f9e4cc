package io.tern.gateway.detections;

import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectionServiceGrpc;
import io.tern.gateway.fetch.PictureFetcher;
import io.tern.gateway.upstream.JsonCall;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.FormBody;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.gateway.web.RequestId;
import io.tern.wire.vision.DetectionsJson;
import java.util.List;
import java.util.Set;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/detections}, JSON or a form. */
public final class DetectionsHandler {
    private final RequestBody bodies;
    private final FormBody forms;
    private final PictureFetcher fetcher;
    private final Upstream detection;

    public DetectionsHandler(RequestBody bodies, FormBody forms, PictureFetcher fetcher, Upstream detection) {
        this.bodies = bodies;
        this.forms = forms;
        this.fetcher = fetcher;
        this.detection = detection;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.post("/v1/detections", this::handle));
    }

    private Mono<ServerResponse> handle(ServerRequest request) {
        return question(request)
                .flatMap(detect -> found(detect, RequestId.of(request)))
                .flatMap(JsonAnswer::ok);
    }

    /** Pictures are not fetched from addresses. */
    public JsonCall call() {
        return (body, _) -> {
            DetectRequest detect = DetectionsJson.request(body);
            return head -> found(detect, head.requestId());
        };
    }

    private Mono<ObjectNode> found(DetectRequest detect, String requestId) {
        return detection
                .unary(DetectionServiceGrpc.getDetectMethod(), detect, requestId)
                .map(DetectionsJson::answer);
    }

    private Mono<DetectRequest> question(ServerRequest request) {
        return FormBody.isForm(request)
                ? forms.read(request, Set.of("image"), RequestBody.PICTURE_LIMIT)
                        .map(read -> DetectionsJson.request(read.fields(), read.files("image")))
                : bodies.json(request, RequestBody.PICTURE_LIMIT)
                        .map(fetcher::fetched)
                        .map(DetectionsJson::request);
    }
}
