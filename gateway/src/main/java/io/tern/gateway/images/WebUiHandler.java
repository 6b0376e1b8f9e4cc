package io.tern.gateway.images;

import io.tern.gateway.keys.Caller;
import io.tern.gateway.keys.KeyFilter;
import io.tern.gateway.models.ModelList;
import io.tern.gateway.problem.SentNames;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.gateway.web.RequestId;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GeneratedImage;
import io.tern.generation.v1.GenerationServiceGrpc;
import io.tern.generation.v1.ListSamplersRequest;
import io.tern.generation.v1.ListSamplersResponse;
import io.tern.generation.v1.ReadRecipeRequest;
import io.tern.generation.v1.ResizeRequest;
import io.tern.generation.v1.ResizeResponse;
import io.tern.jobs.JobOwner;
import io.tern.model.v1.Model;
import io.tern.wire.ModelsJson;
import io.tern.wire.StrictJson;
import io.tern.wire.images.UpscaleJson;
import io.tern.wire.images.UpscaleJson.Question;
import io.tern.wire.images.WebUiJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /sdapi/v1/...}: what image clients need of the API of A1111's web UI. As there, the chosen model, the progress and
 * the interrupt are everybody's, or where keys are asked for all that call with one; requests of other routes are not touched
 * by them.
 */
public final class WebUiHandler {
    private static final String ROOT = "/sdapi/v1/";

    private static final SentNames DRAWN = new SentNames(Map.of(
            "sampler", "sampler_name",
            "schedule", "scheduler",
            "guidance_scale", "cfg_scale",
            "strength", "denoising_strength",
            "n", "batch_size",
            "image", "init_images"));
    private static final SentNames ENLARGED = new SentNames(Map.of(
            "model", "upscaler_1",
            "upscale", "upscaling_resize",
            "factor", "upscaling_resize",
            "strength", "denoising_strength"));

    /** Add-ons and models of kinds that this server has none of; clients fill their menus with them. */
    private static final List<String> NONE =
            List.of("loras", "hypernetworks", "sd-vae", "prompt-styles", "face-restorers", "latent-upscale-modes");

    private final RequestBody bodies;
    private final Upstream generation;
    private final ModelList models;
    /** Who has chosen none has the default model. */
    private final Map<JobOwner, String> chosenModels = new ConcurrentHashMap<>();

    private final Set<CurrentRun> runs = ConcurrentHashMap.newKeySet();

    public WebUiHandler(RequestBody bodies, Upstream generation, ModelList models) {
        this.bodies = bodies;
        this.generation = generation;
        this.models = models;
    }

    public List<Endpoint> endpoints() {
        Stream<Endpoint> empty =
                NONE.stream().map(name -> Endpoint.get(ROOT + name, _ -> JsonAnswer.ok(StrictJson.newArray())));
        return Stream.concat(served().stream(), empty).toList();
    }

    private List<Endpoint> served() {
        return List.of(
                Endpoint.post(ROOT + "txt2img", request -> draw(request, "txt2img", WebUiJson::textToImage)),
                Endpoint.post(ROOT + "img2img", request -> draw(request, "img2img", WebUiJson::imageToImage)),
                Endpoint.post(ROOT + "extra-single-image", this::upscale),
                Endpoint.get(ROOT + "progress", this::progress),
                Endpoint.post(ROOT + "interrupt", this::interrupt),
                Endpoint.post(ROOT + "png-info", this::pngInfo),
                Endpoint.get(ROOT + "options", this::options),
                Endpoint.post(ROOT + "options", this::choose),
                Endpoint.get(
                        ROOT + "sd-models",
                        request -> imageModels(request).flatMap(list -> JsonAnswer.ok(WebUiJson.models(list)))),
                Endpoint.get(
                        ROOT + "upscalers",
                        request -> imageModels(request).flatMap(list -> JsonAnswer.ok(UpscaleJson.upscalers(list)))),
                Endpoint.get(
                        ROOT + "samplers",
                        request -> samplers(request)
                                .flatMap(all -> JsonAnswer.ok(WebUiJson.samplers(all.getSamplersList())))),
                Endpoint.get(
                        ROOT + "schedulers",
                        request -> samplers(request)
                                .flatMap(all -> JsonAnswer.ok(WebUiJson.schedulers(all.getSchedulesList())))));
    }

    private Mono<ServerResponse> draw(
            ServerRequest request, String job, BiFunction<ObjectNode, String, GenerateRequest> reading) {
        return bodies.json(request, RequestBody.PICTURE_LIMIT).flatMap(body -> {
            GenerateRequest question = reading.apply(body, chosenModel(request));
            return drawn(request, job, question, DRAWN)
                    .flatMap(drawn -> JsonAnswer.ok(WebUiJson.answer(drawn, question, body)));
        });
    }

    private Mono<List<GeneratedImage>> drawn(
            ServerRequest request, String job, GenerateRequest question, SentNames names) {
        Caller caller = KeyFilter.caller(request);
        caller.limits().check(question);
        CurrentRun run = new CurrentRun(caller.owner(), job, question.getN());
        runs.add(run);
        return run.watch(names.of(
                        generation.stream(GenerationServiceGrpc.getGenerateMethod(), question, RequestId.of(request))))
                .filter(GenerateResponse::hasImage)
                .map(GenerateResponse::getImage)
                .collectList()
                .doFinally(_ -> runs.remove(run));
    }

    private Mono<ServerResponse> upscale(ServerRequest request) {
        return bodies.json(request, RequestBody.PICTURE_LIMIT)
                .map(UpscaleJson::question)
                .flatMap(question -> switch (question) {
                    case Question.Resize(ResizeRequest resize) ->
                        ENLARGED.of(generation.stream(
                                        GenerationServiceGrpc.getResizeMethod(), resize, RequestId.of(request)))
                                .single()
                                .map(ResizeResponse::getPng);
                    case Question.Draw(GenerateRequest draw) ->
                        drawn(request, "extras", draw, ENLARGED)
                                .flatMap(images -> Mono.justOrEmpty(
                                        images.stream().findFirst().map(GeneratedImage::getPng)));
                })
                .flatMap(png -> JsonAnswer.ok(UpscaleJson.answer(png)));
    }

    private Mono<ServerResponse> progress(ServerRequest request) {
        boolean withPicture =
                !request.queryParam("skip_current_image").map(Boolean::valueOf).orElse(false);
        return JsonAnswer.ok(
                runs(request).findAny().map(run -> run.progress(withPicture)).orElseGet(CurrentRun::idle));
    }

    private Stream<CurrentRun> runs(ServerRequest request) {
        JobOwner owner = KeyFilter.caller(request).owner();
        return runs.stream().filter(run -> run.isOf(owner));
    }

    /** Empty for the default model. */
    private String chosenModel(ServerRequest request) {
        return chosenModels.getOrDefault(KeyFilter.caller(request).owner(), "");
    }

    private Mono<ServerResponse> interrupt(ServerRequest request) {
        runs(request).forEach(CurrentRun::interrupt);
        return JsonAnswer.ok(StrictJson.newObject());
    }

    private Mono<ServerResponse> pngInfo(ServerRequest request) {
        return bodies.json(request, RequestBody.PICTURE_LIMIT)
                .map(WebUiJson::png)
                .flatMap(png -> generation.unary(
                        GenerationServiceGrpc.getReadRecipeMethod(),
                        ReadRecipeRequest.newBuilder().setImage(png).build(),
                        RequestId.of(request)))
                .flatMap(read -> JsonAnswer.ok(WebUiJson.pngInfo(read.getParameters(), recipe(read.getRecipe()))));
    }

    private static JsonNode recipe(String text) {
        return text.isEmpty() ? StrictJson.newObject() : StrictJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private Mono<ServerResponse> options(ServerRequest request) {
        String chosen = chosenModel(request);
        return imageModels(request)
                .map(list -> list.stream()
                        .map(Model::getId)
                        .filter(chosen::equals)
                        .findFirst()
                        .orElseGet(() -> defaultOf(list)))
                .flatMap(model -> JsonAnswer.ok(StrictJson.newObject().put("sd_model_checkpoint", model)));
    }

    private static String defaultOf(List<Model> models) {
        return models.stream()
                .filter(Model::getDefault)
                .map(Model::getId)
                .findFirst()
                .orElse("");
    }

    private Mono<ServerResponse> choose(ServerRequest request) {
        return bodies.json(request, RequestBody.TEXT_LIMIT)
                .flatMap(body -> imageModels(request).map(list -> {
                    WebUiJson.chosenModel(body).ifPresent(model -> choose(request, model, list));
                    return StrictJson.newObject();
                }))
                .flatMap(JsonAnswer::ok);
    }

    private void choose(ServerRequest request, String model, List<Model> list) {
        if (list.stream().noneMatch(known -> known.getId().equals(model))) {
            throw ModelsJson.unknown("sd_model_checkpoint", model, list);
        }
        chosenModels.put(KeyFilter.caller(request).owner(), model);
    }

    private Mono<List<Model>> imageModels(ServerRequest request) {
        return models.served(RequestId.of(request))
                .map(served -> served.models().stream()
                        .filter(model -> model.getCapabilitiesList().contains("image"))
                        .toList());
    }

    private Mono<ListSamplersResponse> samplers(ServerRequest request) {
        return generation.unary(
                GenerationServiceGrpc.getListSamplersMethod(),
                ListSamplersRequest.getDefaultInstance(),
                RequestId.of(request));
    }
}
