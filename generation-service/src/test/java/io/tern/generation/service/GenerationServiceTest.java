package io.tern.generation.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.generation.EmojiModel;
import io.tern.generation.Golden;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GeneratedImage;
import io.tern.generation.v1.GenerationServiceGrpc;
import io.tern.generation.v1.GenerationServiceGrpc.GenerationServiceBlockingStub;
import io.tern.generation.v1.LikelihoodRequest;
import io.tern.generation.v1.LikelihoodResponse;
import io.tern.generation.v1.ReplayRequest;
import io.tern.generation.v1.ResizeRequest;
import io.tern.generation.v1.ResizeResponse;
import io.tern.generation.v1.Sde;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.imaging.png.PngEncoder;
import io.tern.jobs.JobHandler;
import io.tern.jobs.JobOutput;
import io.tern.jobs.JobProgress;
import io.tern.jobs.v1.JobRequest;
import io.tern.model.v1.ListModelsRequest;
import io.tern.model.v1.LoadModelRequest;
import io.tern.model.v1.Model;
import io.tern.model.v1.ModelLoadingServiceGrpc;
import io.tern.model.v1.ModelLoadingServiceGrpc.ModelLoadingServiceBlockingStub;
import io.tern.model.v1.ModelServiceGrpc;
import io.tern.model.v1.UnloadModelRequest;
import io.tern.serving.Admission;
import io.tern.serving.JobWork;
import io.tern.serving.ServiceApplication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The application as it is started in production, with the shipped model, asked over gRPC. */
@Timeout(60)
class GenerationServiceTest {
    private static final ByteString PICTURE = grey(64);
    private static final ByteString OTHER_SIZE = grey(32);

    @TempDir
    static Path data;

    static ConfigurableApplicationContext application;
    static ManagedChannel channel;

    @BeforeAll
    static void start() {
        application = ServiceApplication.run(
                GenerationApplication.class,
                "generation",
                "--spring.grpc.server.port=0",
                "--tern.catalogue=" + Golden.root().resolve("models/catalogue.json"),
                "--tern.data-directory=" + data,
                "--tern.models-directory=" + data.resolve("models"),
                "--tern.device=cpu",
                // as the tests' own runtime in this process
                "--tern.threads=2",
                "--tern.generation.running=2",
                "--tern.generation.waiting=1",
                "--tern.generation.max-pictures=9",
                "--tern.generation.max-pixels=4096");
        int port = application.getEnvironment().getRequiredProperty("local.grpc.server.port", Integer.class);
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        application.close();
    }

    @Test
    void streamsProgressPreviewsAndPictures() {
        List<GenerateResponse> events = all(GenerateRequest.newBuilder()
                .setPrompt("red apple")
                .setSeed(1)
                .setSteps(6)
                .setN(2)
                .setPartialImages(1)
                .build());
        assertThat(events.stream().filter(GenerateResponse::hasProgress)).hasSize(12);
        assertThat(events.stream().filter(GenerateResponse::hasPreview))
                .hasSize(2)
                .allSatisfy(event -> {
                    assertThat(event.getPreview().getStep()).isEqualTo(3);
                    assertThat(decode(event.getPreview().getPng()).width()).isEqualTo(64);
                });
        List<GeneratedImage> images = images(events);
        assertThat(images).extracting(GeneratedImage::getIndex).containsExactly(0, 1);
        assertThat(images).allSatisfy(image -> {
            assertThat(image.getSeed()).isEqualTo(1);
            assertThat(image.getModel()).isEqualTo("emoji");
            assertThat(image.getWidth()).isEqualTo(64);
            assertThat(decode(image.getPng()).height()).isEqualTo(64);
        });
        assertThat(events.getLast().hasImage()).isTrue();
    }

    @Test
    void drawsGoldenNoiseAsTheReference() {
        JsonNode golden = Golden.json("emoji.json").get("cases").get(0);
        GeneratedImage image = images(all(GenerateRequest.newBuilder()
                        .setPrompt(golden.get("prompt").asString())
                        .setSampler(golden.get("sampler").asString())
                        .setSteps(golden.get("steps").asInt())
                        .setGuidanceScale(golden.get("guidance").asDouble())
                        .setLatents(ByteString.copyFrom(
                                Golden.npyBytes(golden.get("noise").asString())))
                        .build()))
                .getFirst();
        byte[] expected =
                ImageDecoder.decode(Golden.bytes(golden.get("png").asString())).rgb();
        byte[] found = decode(image.getPng()).rgb();
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs((found[i] & 0xff) - (expected[i] & 0xff))).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void drawsASeedAndSaysWhichWhereNoneIsGiven() {
        GenerateRequest request =
                GenerateRequest.newBuilder().setPrompt("frog").setSteps(2).build();
        GeneratedImage first = images(all(request)).getFirst();
        GeneratedImage again = images(
                        all(request.toBuilder().setSeed(first.getSeed()).build()))
                .getFirst();
        assertThat(first.getSeed()).isBetween(0L, 1L << 53);
        assertThat(again.getPng()).isEqualTo(first.getPng());
    }

    @Test
    void drawsTwoAtOnceAsEachAlone() throws Exception {
        GenerateRequest one = request("pizza", 1, 8).build();
        GenerateRequest other =
                request("panda", 2, 11).setSampler("euler").setN(2).build();
        List<GeneratedImage> oneAlone = images(all(one));
        List<GeneratedImage> otherAlone = images(all(other));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<GeneratedImage>> oneTogether = callers.submit(() -> images(all(one)));
            Future<List<GeneratedImage>> otherTogether = callers.submit(() -> images(all(other)));
            assertThat(oneTogether.get()).isEqualTo(oneAlone);
            assertThat(otherTogether.get()).isEqualTo(otherAlone);
        }
    }

    @Test
    void replaysAPictureByteForByte() {
        GeneratedImage image = images(all(request("pizza", 3, 4)
                        .setN(2)
                        .setImage(PICTURE)
                        .setStrength(0.6)
                        .build()))
                .get(1);
        List<GenerateResponse> again = new ArrayList<>();
        stub().replay(ReplayRequest.newBuilder().setImage(image.getPng()).build())
                .forEachRemaining(again::add);
        assertThat(images(again)).containsExactly(image);
    }

    @Test
    void drawsInTheFormatThatIsAskedForAndReplaysInIt() {
        GenerateRequest png = request("pizza", 3, 4).setPartialImages(1).build();
        byte[] pixels = decode(images(all(png)).getFirst().getPng()).rgb();
        List<GenerateResponse> events =
                all(png.toBuilder().setOutputFormat("webp").build());
        GeneratedImage webp = images(events).getFirst();
        assertThat(decode(webp.getWebp()).rgb()).isEqualTo(pixels);
        assertThat(events.stream().filter(GenerateResponse::hasPreview))
                .allSatisfy(event ->
                        assertThat(decode(event.getPreview().getWebp()).width()).isEqualTo(64));
        List<GenerateResponse> again = new ArrayList<>();
        stub().replay(ReplayRequest.newBuilder().setImage(webp.getWebp()).build())
                .forEachRemaining(again::add);
        assertThat(images(again)).containsExactly(webp);

        GenerateRequest jpeg = png.toBuilder().setOutputFormat("jpeg").build();
        ByteString best = images(all(jpeg)).getFirst().getJpeg();
        ByteString worse = images(all(jpeg.toBuilder().setOutputCompression(30).build()))
                .getFirst()
                .getJpeg();
        assertThat(worse.size()).isPositive().isLessThan(best.size());
        again.clear();
        stub().replay(ReplayRequest.newBuilder().setImage(worse).build()).forEachRemaining(again::add);
        assertThat(decode(images(again).getFirst().getPng()).rgb())
                .as("what it was before it was a JPEG")
                .isEqualTo(pixels);
    }

    @Test
    void refusesToReplayAPictureWithoutRecipe() {
        ReplayRequest request = ReplayRequest.newBuilder().setImage(PICTURE).build();
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class, () -> stub().replay(request).next());
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(error.getStatus().getDescription()).startsWith("image: a picture without recipe");
    }

    static List<Arguments> badRequests() {
        return List.of(
                Arguments.of("steps", request("x", 1, 0)),
                Arguments.of("output_format", request("x", 1, 5).setOutputFormat("tiff")),
                Arguments.of("output_compression", request("x", 1, 5).setOutputCompression(50)),
                Arguments.of(
                        "output_compression",
                        request("x", 1, 5).setOutputFormat("webp").setOutputCompression(99)),
                Arguments.of(
                        "output_compression",
                        request("x", 1, 5).setOutputFormat("jpeg").setOutputCompression(101)),
                Arguments.of("steps", request("x", 1, 1_000_000)),
                Arguments.of("n", request("x", 1, 5).setN(10)),
                Arguments.of("prompt", request("((x:9.5))", 1, 5).setPromptWeighting("a1111")),
                Arguments.of(
                        "negative_prompt",
                        request("x", 1, 5).setNegativePrompt("(x:-11)").setPromptWeighting("a1111")),
                Arguments.of("prompt_weighting", request("x", 1, 5).setPromptWeighting("compel")),
                Arguments.of("seed", request("x", -1, 5)),
                Arguments.of("guidance_scale", request("x", 1, 5).setGuidanceScale(Double.NaN)),
                Arguments.of("guidance_scale", request("x", 1, 5).setGuidanceScale(0.5)),
                Arguments.of("sampler", request("x", 1, 5).setSampler("magic")),
                Arguments.of("schedule", request("x", 1, 5).setSchedule("magic")),
                Arguments.of("spacing", request("x", 1, 5).setSpacing("magic")),
                Arguments.of("eta", request("x", 1, 5).setEta(Double.NaN)),
                Arguments.of("eta", request("x", 1, 5).setSampler("heun").setEta(1)),
                Arguments.of("steps", request("x", 1, 51).setSampler("lcm")),
                Arguments.of(
                        "sde.type", request("x", 1, 5).setSde(Sde.newBuilder().setType("xp"))),
                Arguments.of("sampler", request("x", 1, 5).setSampler("ddim").setSde(vp())),
                Arguments.of(
                        "schedule", request("x", 1, 5).setSchedule("karras").setSde(vp())),
                Arguments.of("eta", request("x", 1, 5).setEta(0).setSde(vp())),
                Arguments.of("sde.snr", request("x", 1, 5).setSde(vp().setSnr(Double.NaN))),
                Arguments.of(
                        "sde.rtol", request("x", 1, 5).setSde(vp().setOde(true).setRtol(0))),
                Arguments.of("sde.corrector_steps", request("x", 1, 5).setSde(vp().setCorrectorSteps(0))),
                Arguments.of("schedule", request("x", 1, 5).setSampler("lcm").setSchedule("karras")),
                Arguments.of("n", request("x", 1, 5).setN(0)),
                Arguments.of("n", request("x", 1, 5).setN(1_000_000_000)),
                Arguments.of("width", request("x", 1, 5).setWidth(63)),
                Arguments.of("height", request("x", 1, 5).setWidth(64).setHeight(100_000)),
                Arguments.of("latents", request("x", 1, 5).setLatents(ByteString.copyFrom(new byte[3]))),
                Arguments.of("latents", request("x", 1, 5).setLatents(ByteString.copyFrom(new byte[4]))),
                Arguments.of(
                        "n",
                        request("x", 1, 5)
                                .setLatents(ByteString.copyFrom(new byte[8192]))
                                .setN(2)),
                Arguments.of("prompt", request("x", 1, 5).setModel("ncsn")),
                Arguments.of(
                        "negative_prompt", request("", 1, 5).setModel("ncsn").setNegativePrompt("x")),
                Arguments.of(
                        "guidance_scale", request("", 1, 5).setModel("ncsn").setGuidanceScale(3)),
                Arguments.of("width", request("", 1, 5).setModel("ncsn").setWidth(64)),
                Arguments.of("schedule", request("", 1, 5).setModel("ncsn").setSchedule("karras")),
                Arguments.of("preview_every", request("x", 1, 5).setPreviewEvery(-1)),
                Arguments.of("partial_images", request("x", 1, 5).setPartialImages(4)),
                Arguments.of(
                        "partial_images", request("x", 1, 5).setPreviewEvery(2).setPartialImages(1)),
                Arguments.of("first_index", request("x", 1, 5).setFirstIndex(-1)),
                Arguments.of("guidance_rescale", request("x", 1, 5).setGuidanceRescale(1.5)),
                Arguments.of("strength", request("x", 1, 5).setStrength(0.5)),
                Arguments.of("mask", request("x", 1, 5).setMask(PICTURE)),
                Arguments.of("image", request("x", 1, 5).setImage(PICTURE.substring(0, 40))),
                Arguments.of("strength", request("x", 1, 5).setImage(PICTURE).setStrength(1.5)),
                Arguments.of("strength", request("x", 1, 5).setImage(PICTURE).setStrength(Double.NaN)),
                Arguments.of("mask", request("x", 1, 5).setImage(PICTURE).setMask(OTHER_SIZE)),
                Arguments.of("upscale", request("x", 1, 5).setUpscale(2)),
                Arguments.of("upscale", request("x", 1, 5).setImage(PICTURE).setUpscale(9)),
                Arguments.of("upscale", request("x", 1, 5).setImage(PICTURE).setUpscale(Double.NaN)),
                Arguments.of(
                        "mask",
                        request("x", 1, 5).setImage(PICTURE).setMask(PICTURE).setUpscale(2)),
                Arguments.of("prompt", request("x".repeat(5000), 1, 5)),
                Arguments.of("negative_prompt", request("x", 1, 5).setNegativePrompt("x".repeat(5000))));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void refusesABadRequestByTheNameOfItsField(String field, GenerateRequest.Builder request) throws Exception {
        StatusRuntimeException error = failure(request.build());
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(error.getStatus().getDescription()).startsWith(field + ": ").contains("(expected: ");
        com.google.rpc.Status details = StatusProto.fromThrowable(error);
        assertThat(details.getDetails(0).unpack(ErrorInfo.class).getReason()).isEqualTo("invalid_argument");
        assertThat(details.getDetails(1)
                        .unpack(BadRequest.class)
                        .getFieldViolations(0)
                        .getField())
                .isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vp", "ve", "subvp"})
    void drawsByAnSdeTheSameAgain(String type) {
        Sde.Builder sde = vp().setType(type).setPredictor("ancestral").setCorrector("langevin");
        GeneratedImage first =
                images(all(request("frog", 1, 5).setSde(sde).build())).getFirst();
        GeneratedImage again =
                images(all(request("frog", 1, 5).setSde(sde).setN(2).build())).getFirst();
        assertThat(again.getPng()).isEqualTo(first.getPng());
    }

    @Test
    void saysHowProbableAPictureIs() {
        ByteString frog =
                images(all(request("green frog", 1, 12).build())).getFirst().getPng();
        LikelihoodRequest.Builder question =
                LikelihoodRequest.newBuilder().setImage(frog).setRtol(1e-2).setAtol(1e-2);
        LikelihoodResponse answer =
                stub().likelihood(question.setPrompt("green frog").build());
        LikelihoodResponse other = stub().likelihood(question.setPrompt("pizza").build());
        assertThat(answer.getDimensions()).isEqualTo(8 * 16 * 16);
        assertThat(answer.getModel()).isEqualTo("emoji");
        assertThat(answer.getBitsPerDim())
                .isCloseTo(-answer.getLogLikelihood() / 2048 / Math.log(2), within(1e-9))
                .isLessThan(other.getBitsPerDim());
    }

    /** The network whose samples are grey pictures, without a word of how it is drawn with. */
    @Test
    void drawsWithoutTextByTheModelsOwnWay() {
        GenerateRequest.Builder request =
                GenerateRequest.newBuilder().setModel("ncsn").setSeed(1);
        List<GenerateResponse> events = all(request.build());
        GeneratedImage image = images(events).getFirst();
        assertThat(image.getWidth()).isEqualTo(32);
        assertThat(image.getParameters()).contains("Sampler: SDE type=ve").contains("CFG scale: 1.0");
        assertThat(events.getFirst().getProgress().getSteps()).isEqualTo(200);
        Iterator<GenerateResponse> replayed = stub().replay(
                        ReplayRequest.newBuilder().setImage(image.getPng()).build());
        List<GenerateResponse> again = new ArrayList<>();
        replayed.forEachRemaining(again::add);
        assertThat(images(again).getFirst().getPng()).isEqualTo(image.getPng());
        LikelihoodResponse likelihood = stub().likelihood(LikelihoodRequest.newBuilder()
                .setModel("ncsn")
                .setImage(image.getPng())
                .setSde("ve")
                .build());
        LikelihoodResponse ofGrey = stub().likelihood(LikelihoodRequest.newBuilder()
                .setModel("ncsn")
                .setImage(OTHER_SIZE)
                .setSde("ve")
                .build());
        assertThat(likelihood.getDimensions()).isEqualTo(32 * 32);
        assertThat(likelihood.getBitsPerDim()).isLessThan(ofGrey.getBitsPerDim());
    }

    static Stream<Sde.Builder> waysOfTheScoreNetwork() {
        Sde.Builder langevin =
                Sde.newBuilder().setType("ve").setPredictor("none").setCorrector("annealed_langevin");
        return Stream.of(
                langevin.setSnr(0.226).setCorrectorSteps(2),
                Sde.newBuilder().setType("ve").setOde(true).setRtol(1e-2).setAtol(1e-2));
    }

    /** SMLD, and the flow by adaptive steps: faces of any kind are on white, and noise is not. */
    @ParameterizedTest
    @MethodSource("waysOfTheScoreNetwork")
    void drawsFacesByTheScoreNetworkAlone(Sde.Builder way) {
        GenerateRequest request =
                request("", 3, 60).setModel("ncsn").setSde(way).build();
        GeneratedImage image = images(all(request)).getFirst();
        assertThat(images(all(request)).getFirst().getPng()).isEqualTo(image.getPng());
        RgbImage face = decode(image.getPng());
        int corners = IntStream.of(face.pixel(0, 0), face.pixel(31, 0), face.pixel(0, 31), face.pixel(31, 31))
                .map(pixel -> pixel & 0xff)
                .sum();
        assertThat(corners).isGreaterThan(4 * 200);
    }

    /** It is given four steps and no guidance, and is one prompt's picture nevertheless. */
    @Test
    void drawsInFourStepsWithTheDistilledModel() {
        List<GenerateResponse> events = all(GenerateRequest.newBuilder()
                .setModel("emoji-lcm")
                .setPrompt("red apple")
                .setSeed(1)
                .build());
        GeneratedImage image = images(events).getFirst();
        assertThat(events.stream().filter(GenerateResponse::hasProgress)).hasSize(4);
        assertThat(image.getParameters()).contains("Sampler: lcm").contains("CFG scale: 1.0");
        RgbImage apple = decode(image.getPng());
        int middle = apple.pixel(32, 36);
        assertThat(middle >> 16 & 0xff).isGreaterThan(150);
        assertThat(middle & 0xff).isLessThan(110);
        assertThat(apple.pixel(1, 1) & 0xff).isGreaterThan(220);
    }

    @Test
    void resizesAPictureWithoutAModel() {
        RgbImage image = new RgbImage(2, 1, new byte[] {0, 0, 0, 100, 100, 100});
        ResizeRequest.Builder request = ResizeRequest.newBuilder()
                .setImage(ByteString.copyFrom(PngEncoder.encode(image)))
                .setFactor(2)
                .setFilter("nearest");
        ResizeResponse answer = stub().resize(request.build());
        assertThat(answer.getWidth()).isEqualTo(4);
        assertThat(answer.getHeight()).isEqualTo(2);
        assertThat(decode(answer.getPng()).pixel(1, 1))
                .isEqualTo(decode(answer.getPng()).pixel(0, 0));
        assertThat(decode(answer.getPng()).pixel(2, 0)).isEqualTo(image.pixel(1, 0));
        assertRefused("factor", request.clone().setFactor(0));
        assertRefused("filter", request.clone().setFilter("cubist"));
        assertRefused("size", request.clone().setImage(PICTURE).setFactor(8));
    }

    private static void assertRefused(String field, ResizeRequest.Builder request) {
        StatusRuntimeException error =
                catchThrowableOfType(StatusRuntimeException.class, () -> stub().resize(request.build()));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(error.getStatus().getDescription()).startsWith(field + ": ");
    }

    @Test
    void refusesAQuestionWithoutAPicture() {
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class, () -> stub().likelihood(LikelihoodRequest.getDefaultInstance()));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    private static Sde.Builder vp() {
        return Sde.newBuilder().setType("vp");
    }

    @Test
    void refusesAnUnknownModelAndAnUnknownField() {
        assertThat(failure(request("x", 1, 5).setModel("none").build())
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(777, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
        assertThat(failure(request("x", 1, 5).setUnknownFields(unknown).build())
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void endsByTheDeadline() {
        GenerationServiceBlockingStub hurried = stub().withDeadlineAfter(200, TimeUnit.MILLISECONDS);
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> hurried.generate(request("frog", 1, 1000).build()).forEachRemaining(_ -> {}));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        awaitNothingRunning();
    }

    @Test
    void stopsDrawingWhenItsClientLeaves() {
        Context.CancellableContext client = Context.current().withCancellation();
        client.run(() -> {
            Iterator<GenerateResponse> events =
                    stub().generate(request("frog", 1, 1000).build());
            events.next();
            client.cancel(null);
        });
        awaitNothingRunning();
    }

    @Test
    void refusesWhatIsMoreThanItsQueueHolds() throws Exception {
        Context.CancellableContext clients = Context.current().withCancellation();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Context previous = clients.attach();
            try {
                // two run, since each has told of a step, and one waits
                for (int i = 0; i < 2; i++) {
                    stub().generate(request("frog", i, 1000).build()).next();
                }
            } finally {
                clients.detach(previous);
            }
            CountDownLatch asked = new CountDownLatch(1);
            Future<?> third = callers.submit(clients.wrap(() -> {
                Iterator<GenerateResponse> events =
                        stub().generate(request("frog", 3, 1000).build());
                asked.countDown();
                assertThatThrownBy(events::next).isInstanceOf(StatusRuntimeException.class);
            }));
            asked.await();
            Admission admission = application.getBean(Admission.class);
            await(() -> admission.waiting() == 1);
            StatusRuntimeException error = failure(request("frog", 4, 5).build());
            assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            clients.cancel(null);
            third.get();
        }
        awaitNothingRunning();
    }

    @Test
    void readsItsPropertiesAndHasDefaultsForThem() {
        assertThat(application.getBean(GenerationProperties.class))
                .isEqualTo(new GenerationProperties(2, 1, 3, 1000, 4096, 9));
        assertThat(new Binder(new MapConfigurationPropertySource())
                        .bindOrCreate("tern.generation", GenerationProperties.class))
                .isEqualTo(new GenerationProperties(4, 16, 3, 1000, 4194304, 10));
        assertThatThrownBy(() -> new GenerationProperties(0, 16, 1, 1000, 1, 1))
                .hasMessage("tern.generation.running: 0 (expected: 1..1000)");
    }

    @Test
    void listsItsModel() {
        Model model = ModelServiceGrpc.newBlockingStub(channel)
                .listModels(ListModelsRequest.getDefaultInstance())
                .getModels(0);
        assertThat(model.getId()).isEqualTo("emoji");
        assertThat(model.getCapabilitiesList()).containsExactly("image");
        assertThat(model.getDefault()).isTrue();
        assertThat(model.getDevice()).isEqualTo("cpu");
        assertThat(model.getSha256()).hasSize(64);
        assertThat(model.getService()).isEqualTo("generation");
        assertThat(model.getBitExact()).isEqualTo(EmojiModel.PIPELINE.isBitExact());
    }

    @Test
    void servesAFolderOfOnesOwnUntilItIsUnloaded() {
        ModelLoadingServiceBlockingStub loading = ModelLoadingServiceGrpc.newBlockingStub(channel);
        Path folder = Golden.root().resolve("models/emoji").toAbsolutePath();
        LoadModelRequest load = LoadModelRequest.newBuilder()
                .setName("mine")
                .setPath(folder.toString())
                .build();
        Model model = loading.loadModel(load).getModel();
        assertThat(model.getCapabilitiesList()).containsExactly("image");
        assertThat(model.getSha256()).hasSize(64);
        GenerateRequest request = request("pizza", 3, 2).setModel("mine").build();
        assertThat(images(all(request)).getFirst().getModel()).isEqualTo("mine");
        LoadModelRequest wrong = load.toBuilder()
                .setName("other")
                .setPath(folder.resolve("unet").toString())
                .build();
        assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> loading.loadModel(wrong))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        var _ = loading.unloadModel(
                UnloadModelRequest.newBuilder().setName("mine").build());
        assertThat(failure(request).getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void drawsAJobAsTheCall() {
        GenerateRequest request = request("pizza", 3, 4).setPreviewEvery(2).build();
        Recorder recorder = new Recorder();
        JobOutput output = handler().handle(job(request), Priority.BATCH, recorder, Cancellation.none());
        assertThat(output.contentType()).isEqualTo("image/png");
        assertThat(output.bytes())
                .isEqualTo(images(all(request)).getFirst().getPng().toByteArray());
        assertThat(recorder.fractions).containsExactly(0.25, 0.5, 0.75, 1.0);
        assertThat(recorder.previews).hasSize(1);
    }

    @Test
    void aJobsResultIsInTheFormatThatIsAskedFor() {
        GenerateRequest request = request("pizza", 3, 2).setOutputFormat("webp").build();
        JobOutput output = handler().handle(job(request), Priority.BATCH, new Recorder(), Cancellation.none());
        assertThat(output.contentType()).isEqualTo("image/webp");
        assertThat(output.bytes())
                .isEqualTo(images(all(request)).getFirst().getWebp().toByteArray());
    }

    @Test
    void answersAJobOfSeveralPicturesLikeTheRoute() {
        JobOutput output = handler()
                .handle(
                        job(request("pizza", 3, 2).setN(2).build()),
                        Priority.BATCH,
                        new Recorder(),
                        Cancellation.none());
        assertThat(output.contentType()).isEqualTo("application/json");
        JsonNode json = JsonMapper.shared().readTree(output.bytes());
        assertThat(json.get("data")).hasSize(2);
        assertThat(json.get("data").get(1).get("b64_json").asString()).startsWith("iVBORw0KGgo");
    }

    @Test
    void refusesABadJobAsTheCallersFault() {
        assertThatThrownBy(() -> handler()
                        .handle(job(request("x", 1, 0).build()), Priority.BATCH, new Recorder(), Cancellation.none()))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    private static ByteString grey(int size) {
        byte[] rgb = new byte[3 * size * size];
        Arrays.fill(rgb, (byte) 128);
        return ByteString.copyFrom(PngEncoder.encode(new RgbImage(size, size, rgb)));
    }

    private static JobHandler handler() {
        return application.getBean(JobWork.class).handler();
    }

    private static JobRequest job(GenerateRequest request) {
        return JobRequest.newBuilder().setGeneration(request).build();
    }

    private static GenerateRequest.Builder request(String prompt, long seed, int steps) {
        return GenerateRequest.newBuilder().setPrompt(prompt).setSeed(seed).setSteps(steps);
    }

    private static GenerationServiceBlockingStub stub() {
        return GenerationServiceGrpc.newBlockingStub(channel);
    }

    private static List<GenerateResponse> all(GenerateRequest request) {
        List<GenerateResponse> events = new ArrayList<>();
        stub().generate(request).forEachRemaining(events::add);
        return events;
    }

    private static List<GeneratedImage> images(List<GenerateResponse> events) {
        return events.stream()
                .filter(GenerateResponse::hasImage)
                .map(GenerateResponse::getImage)
                .toList();
    }

    private static StatusRuntimeException failure(GenerateRequest request) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> all(request));
    }

    private static RgbImage decode(ByteString png) {
        return ImageDecoder.decode(png.toByteArray());
    }

    /** The last permit is given back by a thread that nobody can join, so this waits for the count itself. */
    private static void awaitNothingRunning() {
        Admission admission = application.getBean(Admission.class);
        await(() -> admission.running() == 0 && admission.waiting() == 0);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait(); // bounded by the test's time limit
        }
    }

    private static final class Recorder implements JobProgress {
        final List<Double> fractions = new ArrayList<>();
        final List<byte[]> previews = new ArrayList<>();

        @Override
        public void fraction(double done) {
            fractions.add(done);
        }

        @Override
        public void preview(byte[] png) {
            previews.add(png);
        }

        @Override
        public void token(String text) {
            throw new AssertionError("pictures have no tokens");
        }
    }
}
