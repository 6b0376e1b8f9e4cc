package io.tern.gateway.images;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.keys.KeyFilter;
import io.tern.gateway.problem.SentNames;
import io.tern.gateway.stream.EventStreams;
import io.tern.gateway.stream.ServerEvent;
import io.tern.gateway.upstream.JsonCall;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.FormBody;
import io.tern.gateway.web.FormBody.Form;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.gateway.web.RequestId;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GeneratedImage;
import io.tern.generation.v1.GenerationServiceGrpc;
import io.tern.generation.v1.ReplayRequest;
import io.tern.wire.images.ImagesJson;
import io.tern.wire.images.ImagesRequest;
import io.tern.wire.images.PictureFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/images/...}: pictures from text, from pictures, and from the recipe that a picture carries. */
public final class ImagesHandler {
    private static final String IMAGE = "image";
    /** As OpenAI's own clients name it when they are given a list. */
    private static final String IMAGES = "image[]";

    private static final String MASK = "mask";

    private static final SentNames SIZE = new SentNames(Map.of("width", "size", "height", "size"));

    private final RequestBody bodies;
    private final FormBody forms;
    private final Upstream generation;
    private final EventStreams streams;
    private final PictureLinks links;
    private final Scheduler workers;

    /** @param workers may block: linked pictures are read there */
    public ImagesHandler(
            RequestBody bodies,
            FormBody forms,
            Upstream generation,
            EventStreams streams,
            PictureLinks links,
            Scheduler workers) {
        this.bodies = bodies;
        this.forms = forms;
        this.generation = generation;
        this.streams = streams;
        this.links = links;
        this.workers = workers;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(
                        "/v1/images/generations",
                        request -> draw(request, json(request).map(ImagesJson::request))),
                Endpoint.post("/v1/images/edits", request -> draw(request, edit(request))),
                Endpoint.post("/v1/images/variations", request -> draw(request, variation(request))),
                Endpoint.post("/v1/images/replay", this::replay),
                Endpoint.get(PictureLinks.ROUTE + "{name}", this::linked));
    }

    private Mono<ObjectNode> json(ServerRequest request) {
        return bodies.json(request, RequestBody.PICTURE_LIMIT);
    }

    private Mono<ImagesRequest> edit(ServerRequest request) {
        return FormBody.isForm(request)
                ? form(request, Set.of(IMAGE, IMAGES, MASK))
                        .map(form -> ImagesJson.edit(form.fields(), pictures(form), form.files(MASK)))
                : json(request).map(ImagesJson::edit);
    }

    private Mono<ImagesRequest> variation(ServerRequest request) {
        return form(request, Set.of(IMAGE)).map(form -> ImagesJson.variation(form.fields(), pictures(form)));
    }

    private Mono<Form> form(ServerRequest request, Set<String> files) {
        return forms.read(request, files, RequestBody.PICTURE_LIMIT);
    }

    private static List<ByteString> pictures(Form form) {
        return Stream.concat(form.files(IMAGE).stream(), form.files(IMAGES).stream())
                .toList();
    }

    private Mono<ServerResponse> draw(ServerRequest request, Mono<ImagesRequest> question) {
        return question.flatMap(images -> {
            KeyFilter.caller(request).limits().check(images.generate());
            long created = Instant.now().getEpochSecond();
            Flux<GenerateResponse> events =
                    ask(RequestId.of(request), GenerationServiceGrpc.getGenerateMethod(), images.generate());
            if (images.stream()) {
                return streams.answer(request, named(events, created));
            }
            return images.asUrls()
                    ? whole(events)
                            .map(drawn -> ImagesJson.answerWithUrls(drawn, created, image -> link(request, image)))
                            .flatMap(JsonAnswer::ok)
                    : whole(events).flatMap(drawn -> JsonAnswer.ok(ImagesJson.answer(drawn, created)));
        });
    }

    /** Without links, which end too soon for who asks later. */
    public JsonCall generations() {
        return (body, limits) -> {
            ImagesRequest images = ImagesJson.request(body);
            limits.check(images.generate());
            JsonCall.requireWhole(images.stream());
            TernException.require(!images.asUrls(), "response_format", "url", "b64_json, as a link ends after an hour");
            return head -> whole(ask(head.requestId(), GenerationServiceGrpc.getGenerateMethod(), images.generate()))
                    .map(drawn -> ImagesJson.answer(drawn, Instant.now().getEpochSecond()));
        };
    }

    private Mono<ServerResponse> replay(ServerRequest request) {
        return form(request, Set.of(IMAGE))
                .map(form -> ImagesJson.replay(form.fields(), pictures(form)))
                .flatMap(png -> whole(ask(
                        RequestId.of(request),
                        GenerationServiceGrpc.getReplayMethod(),
                        ReplayRequest.newBuilder().setImage(png).build())))
                .flatMap(drawn ->
                        JsonAnswer.ok(ImagesJson.answer(drawn, Instant.now().getEpochSecond())));
    }

    private <Q> Flux<GenerateResponse> ask(String requestId, MethodDescriptor<Q, GenerateResponse> method, Q question) {
        return SIZE.of(generation.stream(method, question, requestId));
    }

    private String link(ServerRequest request, GeneratedImage image) {
        return request.uri().resolve(links.keep(PictureFile.of(image))).toString();
    }

    private Mono<ServerResponse> linked(ServerRequest request) {
        return Mono.fromCallable(() -> links.read(
                        request.pathVariable("name"),
                        request.queryParam("expires").orElse(""),
                        request.queryParam("signature").orElse("")))
                .subscribeOn(workers)
                .flatMap(file -> ServerResponse.ok()
                        .contentType(MediaType.parseMediaType(file.contentType()))
                        .bodyValue(file.bytes().toByteArray()));
    }

    private static Mono<List<GeneratedImage>> whole(Flux<GenerateResponse> events) {
        return events.filter(GenerateResponse::hasImage)
                .map(GenerateResponse::getImage)
                .collectList()
                .map(ImagesHandler::some);
    }

    private static Flux<ServerEvent> named(Flux<GenerateResponse> events, long created) {
        return events.concatMap(event -> Mono.justOrEmpty(ImagesJson.event(event, created)), 1)
                .map(data -> ServerEvent.of(data.path("type").asString(), data));
    }

    private static List<GeneratedImage> some(List<GeneratedImage> images) {
        if (images.isEmpty()) {
            throw new TernException(ErrorCode.INTERNAL_ERROR, "the answer ended before it was finished");
        }
        return images;
    }
}
