package io.tern.detection.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.detection.Gate;
import io.tern.detection.Golden;
import io.tern.detection.box.Box;
import io.tern.detection.image.NoisePicture;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.DetectStreamResponse;
import io.tern.detection.v1.Detection;
import io.tern.detection.v1.DetectionServiceGrpc;
import io.tern.detection.v1.DetectionServiceGrpc.DetectionServiceBlockingStub;
import io.tern.detection.v1.PictureDetections;
import io.tern.detection.v1.Point;
import io.tern.detection.v1.StreamSettings;
import io.tern.detection.v1.Timings;
import io.tern.detection.v1.Zone;
import io.tern.embedding.v1.EmbedRequest;
import io.tern.embedding.v1.EmbedResponse;
import io.tern.embedding.v1.EmbeddingServiceGrpc;
import io.tern.embedding.v1.EmbeddingServiceGrpc.EmbeddingServiceBlockingStub;
import io.tern.embedding.v1.EvaluateRequest;
import io.tern.embedding.v1.EvaluateResponse;
import io.tern.embedding.v1.Example;
import io.tern.embedding.v1.FindSimilarRequest;
import io.tern.embedding.v1.InfoNceScore;
import io.tern.embedding.v1.Picture;
import io.tern.embedding.v1.Region;
import io.tern.embedding.v1.SimilarExamples;
import io.tern.embedding.v1.TokenIds;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.imaging.png.PngEncoder;
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
import io.tern.serving.OpenStreams;
import io.tern.serving.ServiceApplication;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The application as it is started in production, with the shipped model, asked over gRPC. */
@Timeout(60)
class DetectionServiceTest {
    private static final int WORKERS = 2;
    private static final int WAITING = 1;
    private static final int STREAMS = 3;

    @TempDir
    static Path data;

    static ConfigurableApplicationContext application;
    static ManagedChannel channel;
    static DetectionServiceBlockingStub service;

    @BeforeAll
    static void start() throws IOException {
        application = ServiceApplication.run(
                DetectionApplication.class,
                "detection",
                "--spring.grpc.server.port=0",
                "--tern.catalogue=" + Golden.root().resolve("models/catalogue.json"),
                "--tern.data-directory=" + data,
                "--tern.models-directory=" + data.resolve("models"),
                "--tern.device=cpu",
                "--tern.threads=2", // as the tests' own runtime in this process
                "--tern.detection.pictures=" + Files.createDirectories(data.resolve("pictures")),
                "--tern.detection.workers=" + WORKERS,
                "--tern.detection.waiting=" + WAITING,
                "--tern.detection.streams=" + STREAMS);
        int port = application.getEnvironment().getRequiredProperty("local.grpc.server.port", Integer.class);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .maxInboundMessageSize(32 << 20)
                .usePlaintext()
                .build();
        service = DetectionServiceGrpc.newBlockingStub(channel);
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        application.close();
    }

    @ParameterizedTest
    @FieldSource("io.tern.detection.Golden#PICTURES")
    void answersTheReferenceBoxes(String picture) {
        DetectResponse response = service.detect(request(picture)
                .setThreshold(Gate.THRESHOLD - 0.003f)
                .setIou(0.6f)
                .setMaxDetections(100)
                .build());
        assertThat(response.getModel()).isEqualTo("nanodet-g");
        assertThat(response.getResultsCount()).isEqualTo(1);
        assertThat(Gate.firstFault(Golden.references(picture), found(response.getResults(0))))
                .isEmpty();
    }

    @Test
    void answersSeveralPicturesInTheirOrderEachAsIfItWereAlone() {
        DetectRequest.Builder together = DetectRequest.newBuilder();
        Golden.PICTURES.forEach(picture -> together.addImages(ByteString.copyFrom(Golden.file(picture))));
        DetectResponse response = service.detect(together.build());
        for (int i = 0; i < Golden.PICTURES.size(); i++) {
            DetectResponse alone =
                    service.detect(request(Golden.PICTURES.get(i)).build());
            assertThat(response.getResults(i)).isEqualTo(alone.getResults(0));
        }
    }

    @Test
    void tellsTheSizeTheClassesAndHowLongEachStageTook() {
        DetectResponse response = service.detect(
                request("chelsea").addClasses("dog").addClasses("cat").build());
        PictureDetections picture = response.getResults(0);
        assertThat(picture.getWidth()).isEqualTo(451);
        assertThat(picture.getHeight()).isEqualTo(300);
        assertThat(picture.getAnnotated().isEmpty()).isTrue();
        assertThat(picture.getDetectionsList())
                .extracting(Detection::getClassName)
                .containsExactly("cat", "dog");
        assertThat(picture.getDetectionsList())
                .extracting(Detection::getClassId)
                .containsExactly(15, 16);
        Timings timings = response.getTimings();
        assertThat(timings.getDecodeMs()).isPositive();
        assertThat(timings.getInferenceMs()).isPositive();
        assertThat(timings.getPostprocessMs()).isPositive();
        assertThat(timings.getQueueMs()).isNotNegative();
        assertThat(timings.getTotalMs())
                .isGreaterThanOrEqualTo(timings.getDecodeMs() + timings.getInferenceMs() + timings.getPostprocessMs());
    }

    /** The cat of the picture is taken for a dog as well, in the same box. */
    @Test
    void suppressesAsItIsAsked() {
        DetectRequest request = request("chelsea").setThreshold(0.3f).build();
        assertThat(classes(request)).containsExactly("cat", "dog");
        assertThat(classes(request.toBuilder().setNms("agnostic").build())).containsExactly("cat");
        DetectRequest weak =
                request.toBuilder().setThreshold(0.05f).setMaxDetections(1000).build();
        int kept = classes(weak).size();
        int all = classes(weak.toBuilder().setNms("none").build()).size();
        assertThat(all).isGreaterThan(kept);
        assertThat(classes(weak.toBuilder().setNms("soft-linear").build()))
                .startsWith("cat", "dog")
                .hasSizeLessThan(all);
        assertThat(classes(weak.toBuilder().setNms("weighted").build())).contains("cat");
        assertThat(classes(weak.toBuilder().setMaxPerClass(1).build()))
                .doesNotHaveDuplicates()
                .hasSizeLessThan(kept);
    }

    private static List<String> classes(DetectRequest request) {
        return service.detect(request).getResults(0).getDetectionsList().stream()
                .map(Detection::getClassName)
                .toList();
    }

    @Test
    void servesTheTrainedTwoStageDetectors() {
        for (String model : List.of("faster-rcnn-emoji", "rfcn-emoji", "deformable-rfcn-emoji")) {
            DetectRequest request = DetectRequest.newBuilder()
                    .setModel(model)
                    .setThreshold(0.4f)
                    .setImage(ByteString.copyFrom(Golden.scene("000")))
                    .build();
            assertThat(classes(request)).as(model).contains("cat", "car");
        }
    }

    @Test
    void drawsTheBoxesWhenAsked() {
        PictureDetections picture =
                service.detect(request("chelsea").setAnnotate(true).build()).getResults(0);
        RgbImage drawn = ImageDecoder.decode(picture.getAnnotated().toByteArray());
        RgbImage original = Golden.picture("chelsea");
        assertThat(drawn.width()).isEqualTo(original.width());
        assertThat(drawn.height()).isEqualTo(original.height());
        assertThat(drawn.rgb()).isNotEqualTo(original.rgb());
    }

    @Test
    void listsItsModel() {
        Model model =
                ModelServiceGrpc.newBlockingStub(channel)
                        .listModels(ListModelsRequest.getDefaultInstance())
                        .getModelsList()
                        .stream()
                        .filter(served -> served.getId().equals("nanodet-g"))
                        .findFirst()
                        .orElseThrow();
        assertThat(model.getCapabilitiesList()).containsExactly("detection");
        assertThat(model.getDevice()).isEqualTo("cpu");
        assertThat(model.getBitExact()).isTrue();
        assertThat(model.getDefault()).isTrue();
        assertThat(model.getClassesCount()).isEqualTo(80);
        assertThat(model.getSha256()).hasSize(64);
    }

    @Test
    void servesADetectorOfOnesOwnUntilItIsUnloaded() {
        ModelLoadingServiceBlockingStub loading = ModelLoadingServiceGrpc.newBlockingStub(channel);
        LoadModelRequest load = LoadModelRequest.newBuilder()
                .setName("mine")
                .setPath(Golden.MODEL.toAbsolutePath().toString())
                .build();
        Model model = loading.loadModel(load).getModel();
        assertThat(model.getCapabilitiesList()).containsExactly("detection");
        assertThat(model.getDefault()).isFalse();
        assertThat(model.getClassesCount()).isEqualTo(80);
        DetectRequest request = request("flower").setModel("mine").build();
        assertThat(service.detect(request).getResultsList())
                .isEqualTo(service.detect(request("flower").build()).getResultsList());
        Path noModel = Golden.folder().resolve("pictures/chelsea.png").toAbsolutePath();
        for (LoadModelRequest wrong : List.of(
                load.toBuilder().setPath(noModel.toString()).setName("other").build(),
                load.toBuilder().setPrecision("int3").build())) {
            assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> loading.loadModel(wrong))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
        assertThat(service.detect(request).getResultsCount()).isEqualTo(1);
        var _ = loading.unloadModel(
                UnloadModelRequest.newBuilder().setName("mine").build());
        assertRefused(request, "model_not_found", "model");
    }

    @Test
    void answersAStreamOfPicturesTogether() throws Exception {
        var stream = DetectionServiceGrpc.newBlockingV2Stub(channel).detectAll();
        DetectRequest first = request("chelsea").setThreshold(0.25f).build();
        stream.write(first);
        stream.write(request("flower").build());
        stream.write(request("flower").setThreshold(0.25f).build());
        stream.halfClose();
        DetectResponse all = stream.read();
        assertThat(all.getModel()).isEqualTo("nanodet-g");
        assertThat(all.getResultsCount()).isEqualTo(3);
        assertThat(all.getResults(0)).isEqualTo(service.detect(first).getResults(0));
        assertThat(all.getResults(1)).isEqualTo(all.getResults(2));
        assertThat(all.getTimings().getInferenceMs()).isPositive();
    }

    @Test
    void aStreamOfPicturesEndsAtTheFirstThatIsWrong() throws Exception {
        var none = DetectionServiceGrpc.newBlockingV2Stub(channel).detectAll();
        none.halfClose();
        assertThatThrownBy(none::read).hasMessageContaining("image: no message (expected: one picture a message)");
        var other = DetectionServiceGrpc.newBlockingV2Stub(channel).detectAll();
        other.write(request("chelsea").build());
        other.write(request("chelsea").setThreshold(0.9f).build());
        assertThatThrownBy(other::read).hasMessageContaining("stream: other settings");
    }

    @Test
    void sendsPicturesBackAsJpegWhereAsked() throws Exception {
        DetectRequest request =
                request("chelsea").setAnnotate(true).setCrops(true).build();
        PictureDetections png = service.detect(request).getResults(0);
        PictureDetections jpeg = service.detect(
                        request.toBuilder().setPictureFormat("jpeg").build())
                .getResults(0);
        assertThat(png.getAnnotated().byteAt(0)).isEqualTo((byte) 0x89);
        assertThat(jpeg.getAnnotated().byteAt(0)).isEqualTo((byte) 0xff);
        assertThat(jpeg.getDetections(0).getCrop().byteAt(0)).isEqualTo((byte) 0xff);
        assertThat(jpeg.getAnnotated().size()).isLessThan(png.getAnnotated().size() / 2);
        PictureDetections webp = service.detect(
                        request.toBuilder().setPictureFormat("webp").build())
                .getResults(0);
        assertThat(ImageDecoder.decode(webp.getAnnotated().toByteArray()).rgb())
                .isEqualTo(ImageDecoder.decode(png.getAnnotated().toByteArray()).rgb());
        assertThat(webp.getDetections(0).getCrop().toStringUtf8()).startsWith("RIFF");
        assertRefused(request.toBuilder().setPictureFormat("tiff").build(), "invalid_argument", "picture_format");
    }

    @Test
    void aJobReadsAFolderAndTellsWhichFilesAreNone() throws Exception {
        Path folder = Files.createDirectories(data.resolve("pictures/two"));
        Files.write(folder.resolve("b.png"), Golden.file("chelsea"));
        Files.write(folder.resolve("a.PNG"), Golden.file("flower"));
        Files.writeString(folder.resolve("broken.jpg"), "no picture");
        Files.writeString(folder.resolve("notes.txt"), "no picture and not named as one");
        Files.createSymbolicLink(folder.resolve("link.png"), Golden.MODEL);
        JsonNode answer = job(DetectRequest.newBuilder().setFolder("two").build());
        assertThat(answer.get("data").valueStream().map(one -> one.get("file").stringValue()))
                .containsExactly("a.PNG", "b.png", "broken.jpg");
        assertThat(answer.at("/data/1/detections/0/class").stringValue()).isEqualTo("cat");
        assertThat(answer.at("/data/2/error").stringValue()).contains("expected");
        assertThat(answer.at("/data/2/width").isMissingNode()).isTrue();
        assertThat(answer.at("/data/2/error_code").stringValue()).isEqualTo("unsupported_media_type");
        assertThat(answer.at("/skipped/count").intValue()).isEqualTo(2);
        assertThat(answer.at("/skipped/files").valueStream().map(JsonNode::stringValue))
                .containsExactly("link.png", "notes.txt");
    }

    @Test
    void aFolderWithoutAPictureThatItReadsSaysWhatIsInIt() throws Exception {
        Path folder = Files.createDirectories(data.resolve("pictures/scans"));
        Files.write(folder.resolve("a.tif"), new byte[10]);
        Files.createDirectories(folder.resolve("more"));
        assertThatThrownBy(
                        () -> job(DetectRequest.newBuilder().setFolder("scans").build()))
                .hasMessage("folder: scans with a.tif, more (expected: 1..100000 pictures in it, "
                        + ".png, .jpg, .jpeg, .webp, .gif, .bmp)");
    }

    @Test
    void aFolderMayBeAFilmInTheOrderOfItsNames() throws Exception {
        Path folder = Files.createDirectories(data.resolve("pictures/film"));
        Files.write(folder.resolve("02.png"), Golden.file("flower"));
        Files.write(folder.resolve("03.png"), Golden.file("chelsea"));
        Files.write(folder.resolve("01.png"), Golden.file("chelsea"));
        DetectRequest stills = DetectRequest.newBuilder().setFolder("film").build();
        StreamSettings tracking = StreamSettings.newBuilder().setLostFrames(5).build();
        JsonNode film = job(stills.toBuilder().setStream(tracking).build());
        assertThat(film.at("/data/0/detections/0/track_id").intValue()).isEqualTo(1);
        assertThat(film.at("/data/1/error").stringValue()).contains("640 x 427 pixels (expected: 451 x 300");
        assertThat(film.at("/data/2/detections/0/track_id").intValue()).isEqualTo(1);
        assertThat(job(stills).at("/data/0/detections/0/track_id").isMissingNode())
                .isTrue();
        assertThatThrownBy(() -> job(stills.toBuilder()
                        .setStream(tracking.toBuilder().setDropOldest(true))
                        .build()))
                .hasMessage("stream.drop_oldest: true (expected: only in DetectStream)");
        assertThatThrownBy(() -> job(stills.toBuilder()
                        .setStream(StreamSettings.newBuilder().setLostFrames(0))
                        .build()))
                .hasMessageContaining("lost_frames");
        assertThatThrownBy(() -> job(request("chelsea").setStream(tracking).build()))
                .hasMessageContaining("stream: set (expected: only of films");
    }

    @Test
    void aFolderThatDrawsMoreThanAnAnswerHoldsIsRefused() throws Exception {
        Path folder = Files.createDirectories(data.resolve("pictures/large"));
        byte[] noise = PngEncoder.encode(NoisePicture.of(1600, 1600, 1));
        for (int i = 0; i < 4; i++) { // 7.7 MB each, which noise stays
            Files.write(folder.resolve(i + ".png"), noise);
        }
        DetectRequest request = DetectRequest.newBuilder().setFolder("large").build();
        assertThat(job(request).get("data")).hasSize(4);
        assertThatThrownBy(() -> job(request.toBuilder().setAnnotate(true).build()))
                .hasMessageContaining("annotate, crops: more than");
    }

    @Test
    void aFolderOutsideTheServersOwnIsNotRead() throws Exception {
        Files.createSymbolicLink(data.resolve("pictures/out"), Golden.folder().resolve("pictures"));
        for (String folder : List.of("..", "/etc", "out", "none", "a\0b")) {
            assertThatThrownBy(() ->
                            job(DetectRequest.newBuilder().setFolder(folder).build()))
                    .hasMessageContaining("folder: ")
                    .hasMessageContaining("one in the server's own");
        }
        assertThatThrownBy(() -> job(request("chelsea").setFolder("two").build()))
                .hasMessageContaining("folder");
        assertRefused(DetectRequest.newBuilder().setFolder("two").build(), "invalid_argument", "folder");
    }

    private static final JobProgress UNWATCHED = new JobProgress() {
        @Override
        public void fraction(double done) {
            assertThat(done).isBetween(0.0, 1.0);
        }

        @Override
        public void preview(byte[] png) {}

        @Override
        public void token(String text) {}
    };

    private static JsonNode job(DetectRequest request) {
        var done = application
                .getBean(JobWork.class)
                .handler()
                .handle(
                        JobRequest.newBuilder().setDetection(request).build(),
                        Priority.BATCH,
                        UNWATCHED,
                        Cancellation.none());
        return JsonMapper.shared().readTree(done.bytes());
    }

    @Test
    void followsTheObjectsOfAFilmInOrder() throws Exception {
        var stream = DetectionServiceGrpc.newBlockingV2Stub(channel).detectStream();
        DetectRequest first = request("chelsea").setThreshold(0.3f).build();
        for (int frame = 0; frame < 4; frame++) {
            stream.write(frame % 2 == 0 ? first : request("chelsea").build());
            DetectStreamResponse answer = stream.read();
            assertThat(answer.getFrame()).isEqualTo(frame);
            assertThat(answer.getDropped()).isZero();
            assertThat(answer.getModel()).isEqualTo("nanodet-g");
            assertThat(answer.getResult().getDetectionsList())
                    .filteredOn(one -> one.getClassName().equals("cat"))
                    .extracting(Detection::getTrackId)
                    .containsExactly(1L);
        }
        stream.halfClose();
        assertThat(stream.read()).isNull();
    }

    /** Its weak boxes, which go on with tracks, do not change those that a picture alone is answered with. */
    @ParameterizedTest
    @CsvSource({"astronaut, 3x3, ''", "chelsea, 2x2, ''", "astronaut, 2x2, weighted", "grace_hopper, 2x2, agnostic"})
    void aFilmInTilesBeginsWithTheBoxesOfItsPicture(String picture, String tiles, String nms) throws Exception {
        DetectRequest.Builder request = request(picture).setTiles(tiles);
        if (!nms.isEmpty()) {
            request.setNms(nms);
        }
        var stream = DetectionServiceGrpc.newBlockingV2Stub(channel).detectStream();
        stream.write(request.build());
        List<Detection> film = stream.read().getResult().getDetectionsList();
        stream.halfClose();
        assertThat(film.stream()
                        .map(one -> one.toBuilder().clearTrackId().build())
                        .toList())
                .isNotEmpty()
                .isEqualTo(service.detect(request.build()).getResults(0).getDetectionsList());
    }

    @Test
    void aFilmEndsInWordsAtAFrameThatIsNone() throws Exception {
        assertStreamEnds(
                request("flower").build(), "image: 640 x 427 pixels (expected: 451 x 300, as the first frame)");
        assertStreamEnds(
                request("chelsea").setThreshold(0.4f).build(),
                "stream: other settings (expected: those of the first frame, or none)");
        assertStreamEnds(of(new byte[] {1, 2, 3}), "image: a file that begins with 01 02 03");
        assertStreamEnds(
                DetectRequest.newBuilder()
                        .addImages(ByteString.copyFrom(Golden.file("chelsea")))
                        .build(),
                "other settings");
        assertStreamEnds(DetectRequest.getDefaultInstance(), "image: no file");
    }

    private static void assertStreamEnds(DetectRequest second, String message) throws Exception {
        var stream = DetectionServiceGrpc.newBlockingV2Stub(channel).detectStream();
        stream.write(request("chelsea").build());
        assertThat(stream.read()).isNotNull();
        stream.write(second);
        assertThatThrownBy(stream::read).hasMessageContaining(message);
    }

    @Test
    void aFilmBeginsWithSettingsThatAreRight() {
        StreamSettings low = StreamSettings.newBuilder().setLowThreshold(0.5f).build();
        for (DetectRequest wrong : List.of(
                request("chelsea").setStream(low).build(),
                request("chelsea").setThreshold(Float.NaN).build(),
                request("chelsea").setModel("resnet").build())) {
            var stream = DetectionServiceGrpc.newBlockingV2Stub(channel).detectStream();
            assertThatThrownBy(() -> {
                        stream.write(wrong);
                        var _ = stream.read();
                    })
                    .hasMessageMatching("(?s).*(stream.low_threshold|threshold|model): .*expected.*");
        }
        assertRefused(request("chelsea").setStream(low).build(), "invalid_argument", "stream");
    }

    @Test
    void tellsZonesAndCutsOutWhatItFound() {
        Zone left = zone("left", 0, 0, 225, 300);
        PictureDetections picture = service.detect(request("chelsea")
                        .addZones(left)
                        .addZones(zone("all", 0, 0, 451, 301))
                        .setCrops(true)
                        .build())
                .getResults(0);
        Detection cat = picture.getDetections(0);
        assertThat(cat.getZonesList()).contains("all");
        RgbImage crop = ImageDecoder.decode(cat.getCrop().toByteArray());
        assertThat(crop.width())
                .isCloseTo((int) (cat.getBox().getX2() - cat.getBox().getX1()), within(2));
        assertThat(crop.pixel(0, 0))
                .isEqualTo(Golden.picture("chelsea")
                        .pixel((int) cat.getBox().getX1(), (int) cat.getBox().getY1()));
        assertThat(service.detect(request("chelsea")
                                .addZones(zone("corner", 0, 0, 5, 5))
                                .build())
                        .getResults(0)
                        .getDetectionsCount())
                .isZero();
        assertRefused(
                request("chelsea").addZones(left.toBuilder().clearPoints()).build(),
                "invalid_argument",
                "zones.points");
    }

    private static Zone zone(String name, float x1, float y1, float x2, float y2) {
        return Zone.newBuilder()
                .setName(name)
                .addPoints(Point.newBuilder().setX(x1).setY(y1))
                .addPoints(Point.newBuilder().setX(x2).setY(y1))
                .addPoints(Point.newBuilder().setX(x2).setY(y2))
                .addPoints(Point.newBuilder().setX(x1).setY(y2))
                .build();
    }

    /** Whoever is not the best of the picture may be the best of a zone, and both are persons in several tiles. */
    @Test
    void asManyOfAClassAreAnsweredAsAreAskedFor() throws Exception {
        RgbImage two = Golden.beside("grace_hopper", "astronaut");
        DetectRequest request =
                of(PngEncoder.encode(two)).toBuilder().addClasses("person").build();
        assertThat(zonesOf(request)).hasSizeGreaterThan(1);
        DetectRequest one = request.toBuilder().setMaxPerClass(1).build();
        assertThat(zonesOf(one)).hasSize(1);
        assertThat(zonesOf(one.toBuilder().setTiles("3x3").build())).hasSize(1);
        float middle = Golden.picture("grace_hopper").width();
        for (Zone side : List.of(
                zone("left", 0, 0, middle, two.height() + 1),
                zone("right", middle, 0, two.width(), two.height() + 1))) {
            DetectRequest there = one.toBuilder().addZones(side).build();
            assertThat(zonesOf(there)).containsExactly(List.of(side.getName()));
            var stream = DetectionServiceGrpc.newBlockingV2Stub(channel).detectStream();
            stream.write(there);
            assertThat(zones(stream.read().getResult())).containsExactly(List.of(side.getName()));
            stream.halfClose();
        }
    }

    /** Each method with each way to merge tiles holds for the answer, or is refused by name. */
    @ParameterizedTest
    @CsvSource({
        "class-wise,", "class-wise, nms", "class-wise, nmm",
        "agnostic,", "agnostic, nms", "agnostic, nmm",
        "weighted,", "weighted, nms", "weighted, nmm"
    })
    void aMethodHoldsAcrossTiles(String nms, @Nullable String merge) {
        double iou = 0.4;
        DetectRequest.Builder request = request("astronaut")
                .setThreshold(0.05f)
                .setTiles("2x2")
                .setNms(nms)
                .setIou((float) iou)
                .setMaxDetections(1000);
        if (merge != null) {
            request.setTileMerge(merge);
        }
        List<Detection> found = service.detect(request.build()).getResults(0).getDetectionsList();
        assertThat(found).hasSizeGreaterThan(10);
        for (int i = 0; i < found.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (nms.equals("agnostic")
                        || found.get(i).getClassId() == found.get(j).getClassId()) {
                    assertThat(box(found.get(i)).iou(box(found.get(j))))
                            .as("%s and %s", found.get(i), found.get(j))
                            .isLessThanOrEqualTo(iou + 1e-3);
                }
            }
        }
    }

    private static Box box(Detection detection) {
        return new Box(
                detection.getBox().getX1(),
                detection.getBox().getY1(),
                detection.getBox().getX2(),
                detection.getBox().getY2());
    }

    @Test
    void withoutAMethodAllBoxesOfTilesAreToldAndSoftOnesAreRefusedThere() {
        DetectRequest request = request("chelsea").setTiles("2x2").build();
        int merged = classes(request).size();
        DetectRequest all = request.toBuilder().setNms("none").build();
        assertThat(classes(all)).hasSizeGreaterThan(2 * merged);
        for (String merge : List.of("nms", "nmm")) {
            assertRefused(all.toBuilder().setTileMerge(merge).build(), "invalid_argument", "tile_merge");
        }
        for (String soft : List.of("soft-linear", "soft-gaussian")) {
            for (String merge : List.of("", "nms", "nmm")) {
                assertRefused(
                        request.toBuilder().setNms(soft).setTileMerge(merge).build(), "invalid_argument", "nms");
            }
        }
    }

    /** Of each object, where it is. */
    private static List<List<String>> zonesOf(DetectRequest request) {
        return zones(service.detect(request).getResults(0));
    }

    private static List<List<String>> zones(PictureDetections picture) {
        return picture.getDetectionsList().stream()
                .map(one -> List.copyOf(one.getZonesList()))
                .toList();
    }

    @Test
    void detectsInTiles() {
        PictureDetections picture = service.detect(
                        request("chelsea").setTiles("2x2").setThreshold(0.2f).build())
                .getResults(0);
        assertThat(picture.getDetectionsList())
                .extracting(Detection::getClassName)
                .contains("cat");
        assertRefused(request("chelsea").setTiles("0x0").build(), "invalid_argument", "tiles");
        assertRefused(request("chelsea").setTiles("500").build(), "invalid_argument", "tiles");
        assertRefused(request("chelsea").setTileMerge("nms").build(), "invalid_argument", "tile_merge");
        assertRefused(request("chelsea").setTileOverlap(0.1).build(), "invalid_argument", "tile_overlap");
        assertRefused(
                request("chelsea").setTiles("2x2").setTileOverlap(Double.NaN).build(),
                "invalid_argument",
                "tile_overlap");
        assertRefused(request("chelsea").setTiles("2x2").setTileMerge("x").build(), "invalid_argument", "tile_merge");
    }

    @Test
    void embedsTextsBesideAndRefusesOneKindOfModelForTheOther() {
        EmbeddingServiceBlockingStub embedding = EmbeddingServiceGrpc.newBlockingStub(channel);
        EmbedResponse whole = embedding.embed(
                EmbedRequest.newBuilder().addInput("a cat").addInput("a dog").build());
        assertThat(whole.getModel()).isEqualTo("all-minilm-l6-v2");
        assertThat(whole.getUsage().getPromptTokens()).isEqualTo(8);
        assertThat(whole.getData(1).getIndex()).isEqualTo(1);
        assertThat(whole.getData(0).getEmbeddingList()).hasSize(384);
        EmbedResponse tokens = embedding.embed(EmbedRequest.newBuilder()
                .addTokenIds(TokenIds.newBuilder().addAllIds(List.of(101, 1037, 4937, 102)))
                .build());
        assertThat(tokens.getData(0)).isEqualTo(whole.getData(0));
        List<Float> cut = embedding
                .embed(EmbedRequest.newBuilder()
                        .addInput("a cat")
                        .setDimensions(2)
                        .build())
                .getData(0)
                .getEmbeddingList();
        assertThat(Math.hypot(cut.get(0), cut.get(1))).isCloseTo(1, within(1e-6));
        assertThat((double) cut.get(0) / cut.get(1))
                .isCloseTo(
                        (double) whole.getData(0).getEmbedding(0)
                                / whole.getData(0).getEmbedding(1),
                        within(1e-4));
        for (int wrong : new int[] {0, 385}) {
            assertThatThrownBy(() -> embedding.embed(EmbedRequest.newBuilder()
                            .addInput("a")
                            .setDimensions(wrong)
                            .build()))
                    .hasMessageContaining("dimensions: " + wrong + " (expected: 1..384)");
        }
        assertThatThrownBy(() -> embedding.embed(EmbedRequest.getDefaultInstance()))
                .hasMessageContaining("input: 0 texts");
        assertThatThrownBy(() -> embedding.embed(EmbedRequest.newBuilder()
                        .addInput("a")
                        .addTokenIds(TokenIds.newBuilder().addIds(1))
                        .build()))
                .hasMessageContaining("input: 2 kinds (expected: texts, token ids or pictures)");
        assertThatThrownBy(() -> embedding.embed(EmbedRequest.newBuilder()
                        .setModel("nanodet-g")
                        .addInput("a")
                        .build()))
                .hasMessageContaining("model: nanodet-g (expected: one of all-minilm-l6-v2)");
        StatusRuntimeException refusal =
                assertRefused(request("flower").setModel("all-minilm-l6-v2").build(), "model_not_found", "model");
        assertThat(refusal).hasMessageContaining("nanodet-g");
    }

    @Test
    void measuresHowWellPartnersFindEachOther() {
        EmbeddingServiceBlockingStub embedding = EmbeddingServiceGrpc.newBlockingStub(channel);
        EvaluateRequest.Builder texts = EvaluateRequest.newBuilder();
        for (String[] pair : new String[][] {
            {"a cat sleeps", "a sleeping kitten"},
            {"the train is late", "our train was delayed"},
            {"stocks fell", "the market went down"},
            {"it rains", "wet weather"}
        }) {
            texts.addLeft(pair[0]).addRight(pair[1]);
        }
        EvaluateResponse measured = embedding.evaluate(
                texts.addBatchSizes(1).addBatchSizes(2).addBatchSizes(4).build());
        assertThat(measured.getModel()).isEqualTo("all-minilm-l6-v2");
        double before = -1;
        for (InfoNceScore score : measured.getScoresList()) {
            assertThat(score.getMutualInformationBound())
                    .isGreaterThan(before)
                    .isLessThanOrEqualTo(Math.log(score.getBatchSize()));
            before = score.getMutualInformationBound();
        }
        assertThat(measured.getScores(2).getAccuracy()).isEqualTo(1);
    }

    @Test
    void embedsPicturesAndTheirParts() {
        EmbeddingServiceBlockingStub embedding = EmbeddingServiceGrpc.newBlockingStub(channel);
        EmbedResponse response = embedding.embed(EmbedRequest.newBuilder()
                .addPictures(Picture.newBuilder().setImage(Golden.sprite(0, 0)))
                .addPictures(Picture.newBuilder()
                        .setImage(Golden.sprite(1, 0))
                        .addBoxes(Region.newBuilder().setX2(32).setY2(32))
                        .addBoxes(Region.newBuilder().setX1(-5).setX2(20).setY2(20)))
                .build());
        assertThat(response.getModel()).isEqualTo("cpc-emoji");
        assertThat(response.getDataList())
                .extracting(one -> one.getIndex() + (one.hasBox() ? "." + one.getBox() : ""))
                .containsExactly("0", "1.0", "1.1");
        assertThat(response.getData(0).getEmbeddingList()).hasSize(128);
        EmbedResponse alone = embedding.embed(EmbedRequest.newBuilder()
                .addPictures(Picture.newBuilder().setImage(Golden.sprite(0, 0)))
                .setDimensions(8)
                .build());
        double cut = Math.hypot(
                response.getData(0).getEmbedding(0), response.getData(0).getEmbedding(1));
        assertThat(alone.getData(0).getEmbeddingList()).hasSize(8);
        assertThat(Math.hypot(alone.getData(0).getEmbedding(0), alone.getData(0).getEmbedding(1)))
                .isGreaterThanOrEqualTo(cut);
    }

    @Test
    void findsTheExampleThatIsTheSameThingOverAnotherGround() {
        EmbeddingServiceBlockingStub embedding = EmbeddingServiceGrpc.newBlockingStub(channel);
        FindSimilarRequest.Builder request = FindSimilarRequest.newBuilder().setMost(1);
        for (int i = 0; i < 8; i++) {
            request.addExamples(Example.newBuilder().setName("thing " + i).setImage(Golden.sprite(i, 0)))
                    .addPictures(Picture.newBuilder().setImage(Golden.sprite(i, 1)));
        }
        List<SimilarExamples> found = embedding.findSimilar(request.build()).getDataList();
        long right = found.stream()
                .filter(one -> one.getExamples(0).getName().equals("thing " + one.getIndex()))
                .count();
        assertThat(right).isGreaterThanOrEqualTo(5);
        List<SimilarExamples> alike =
                embedding.findSimilar(request.setSimilarity(1).build()).getDataList();
        assertThat(alike).hasSize(8).allMatch(one -> one.getExamplesCount() == 0);
    }

    @Test
    void namesObjectsByExamplesInPicturesAndFilms() throws Exception {
        DetectRequest scene = DetectRequest.newBuilder()
                .setModel("faster-rcnn-emoji")
                .setImage(ByteString.copyFrom(Golden.scene("000")))
                .build();
        Detection first = service.detect(scene).getResults(0).getDetections(0);
        Region box = Region.newBuilder()
                .setX1(first.getBox().getX1())
                .setY1(first.getBox().getY1())
                .setX2(first.getBox().getX2())
                .setY2(first.getBox().getY2())
                .build();
        DetectRequest named = scene.toBuilder()
                .addExamples(Example.newBuilder()
                        .setName("mine")
                        .setImage(scene.getImage())
                        .setBox(box))
                .setSimilarity(0.999)
                .setEmbeddings(true)
                .build();
        PictureDetections result = service.detect(named).getResults(0);
        assertThat(result.getDetections(0).getName()).isEqualTo("mine");
        assertThat(result.getDetections(0).getSimilarity()).isCloseTo(1, within(1e-6));
        assertThat(result.getDetectionsList())
                .allMatch(one -> one.getEmbeddingCount() == 128)
                .filteredOn(one -> one.getName().isEmpty())
                .hasSizeGreaterThanOrEqualTo(result.getDetectionsCount() - 2);
        var stream = DetectionServiceGrpc.newBlockingV2Stub(channel).detectStream();
        stream.write(named);
        assertThat(stream.read().getResult().getDetections(0).getName()).isEqualTo("mine");
        stream.halfClose();
    }

    @Test
    void refusesExamplesThatAreWrongByTheirPlace() {
        EmbeddingServiceBlockingStub embedding = EmbeddingServiceGrpc.newBlockingStub(channel);
        Example right =
                Example.newBuilder().setName("a").setImage(Golden.sprite(0, 0)).build();
        DetectRequest.Builder request = request("flower");
        assertRefused(request.clone().setSimilarity(0.5).build(), "invalid_argument", "similarity");
        assertRefused(request.clone().setEncoder("cpc-emoji").build(), "invalid_argument", "encoder");
        assertRefused(request.clone().addExamples(right).setSimilarity(2).build(), "invalid_argument", "similarity");
        assertRefused(request.clone().addExamples(right).setEncoder("nanodet-g").build(), "model_not_found", "encoder");
        assertRefused(
                request.clone()
                        .addExamples(right)
                        .addExamples(right.toBuilder().clearName())
                        .build(),
                "invalid_argument",
                "examples[1].name");
        assertRefused(
                request.clone().addExamples(right.toBuilder().clearImage()).build(),
                "invalid_argument",
                "examples[0].image");
        assertRefused(
                request.clone()
                        .addExamples(right.toBuilder()
                                .setBox(Region.newBuilder().setX1(50).setX2(60).setY2(9)))
                        .build(),
                "invalid_argument",
                "examples[0].box");
        assertThatThrownBy(() -> embedding.findSimilar(FindSimilarRequest.newBuilder()
                        .addPictures(Picture.newBuilder().setImage(right.getImage()))
                        .build()))
                .hasMessageContaining("examples: none");
        assertThatThrownBy(() -> embedding.embed(EmbedRequest.newBuilder()
                        .addPictures(Picture.newBuilder().setImage(ByteString.copyFromUtf8("none")))
                        .build()))
                .hasMessageContaining("input[0].image");
        assertThatThrownBy(() -> embedding.embed(EmbedRequest.newBuilder()
                        .setModel("all-minilm-l6-v2")
                        .addPictures(Picture.newBuilder().setImage(right.getImage()))
                        .build()))
                .hasMessageContaining("model: all-minilm-l6-v2 (expected: one of cpc-emoji)");
    }

    @Test
    void measuresHowWellPicturesFindTheirPartners() {
        EvaluateRequest.Builder pictures = EvaluateRequest.newBuilder();
        for (int i = 0; i < 16; i++) {
            pictures.addLeftImages(Golden.sprite(i, 0)).addRightImages(Golden.sprite(i, 1));
        }
        EvaluateResponse measured = EmbeddingServiceGrpc.newBlockingStub(channel)
                .evaluate(pictures.addBatchSizes(4).addBatchSizes(16).build());
        assertThat(measured.getModel()).isEqualTo("cpc-emoji");
        InfoNceScore all = measured.getScores(1);
        assertThat(all.getAccuracy()).isGreaterThan(0.5);
        assertThat(all.getMutualInformationBound())
                .isGreaterThan(measured.getScores(0).getMutualInformationBound())
                .isLessThanOrEqualTo(Math.log(16));
    }

    @Test
    void refusesEveryFieldThatIsWrongByItsName() {
        DetectRequest right = request("flower").build();
        assertRefused(DetectRequest.getDefaultInstance(), "invalid_argument", "image");
        assertRefused(right.toBuilder().addImages(right.getImage()).build(), "invalid_argument", "image");
        assertRefused(
                DetectRequest.newBuilder()
                        .addAllImages(Collections.nCopies(17, right.getImage()))
                        .build(),
                "invalid_argument",
                "images");
        for (float wrong : new float[] {Float.NaN, -0.1f, 1.5f, Float.NEGATIVE_INFINITY}) {
            assertRefused(right.toBuilder().setThreshold(wrong).build(), "invalid_argument", "threshold");
            assertRefused(right.toBuilder().setIou(wrong).build(), "invalid_argument", "iou");
        }
        assertRefused(right.toBuilder().setMaxDetections(0).build(), "invalid_argument", "max_detections");
        assertRefused(right.toBuilder().setMaxDetections(1001).build(), "invalid_argument", "max_detections");
        assertRefused(right.toBuilder().setMaxPerClass(0).build(), "invalid_argument", "max_per_class");
        assertRefused(right.toBuilder().setNms("hard").build(), "invalid_argument", "nms");
        assertRefused(right.toBuilder().setNms("").build(), "invalid_argument", "nms");
        StatusRuntimeException unknown =
                assertRefused(right.toBuilder().addClasses("kat").build(), "invalid_argument", "classes");
        assertThat(unknown).hasMessageContaining("nearest: ").hasMessageContaining("cat");
    }

    @Test
    void refusesWhatIsNoPictureThatItReads() {
        assertRefused(of("no picture at all".getBytes(StandardCharsets.US_ASCII)), "unsupported_media_type", "image");
        assertRefused(of(huge()), "payload_too_large", "image");
        byte[] half = Golden.file("flower");
        assertRefused(of(Arrays.copyOf(half, half.length / 2)), "invalid_argument", "image");
        DetectRequest second = DetectRequest.newBuilder()
                .addImages(ByteString.copyFrom(Golden.file("flower")))
                .addImages(ByteString.copyFromUtf8("?"))
                .build();
        assertRefused(second, "unsupported_media_type", "images[1]");
    }

    @Test
    void refusesAModelThatIsNotServed() {
        StatusRuntimeException refusal =
                assertRefused(request("flower").setModel("resnet").build(), "model_not_found", "model");
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(refusal).hasMessageContaining("nanodet-g");
    }

    @Test
    void refusesAFieldThatItDoesNotKnow() {
        UnknownFieldSet field = UnknownFieldSet.newBuilder()
                .addField(77, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> service.detect(request("flower").setUnknownFields(field).build()));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal).hasMessageContaining("77");
    }

    /** Bytes where a text should be: no message of this type. */
    @Test
    void refusesWhatIsNoMessage() {
        var detect = DetectionServiceGrpc.getDetectMethod().toBuilder(
                        ProtoUtils.marshaller(BytesValue.getDefaultInstance()),
                        ProtoUtils.marshaller(DetectResponse.getDefaultInstance()))
                .build();
        BytesValue noText = BytesValue.of(ByteString.copyFrom(new byte[] {(byte) 0xff}));
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(channel, detect, CallOptions.DEFAULT, noText));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal).hasMessageContaining("a tern.detection.v1.DetectRequest");
    }

    /** While all places are taken, one request waits and the next is refused; both callers then leave. */
    @Test
    void refusesAtOnceWhatItCannotHoldAndForgetsWhoLeaves() throws Exception {
        Admission admission = application.getBean(Admission.class);
        List<Admission.Permit> places = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            places.add(admission.enter(Cancellation.none()));
        }
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Context.CancellableContext leaving = Context.current().withCancellation();
            Future<StatusRuntimeException> waiting = callers.submit(leaving.wrap(() -> catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> service.detect(request("flower").build()))));
            while (admission.waiting() < WAITING) {
                Thread.onSpinWait();
            }
            StatusRuntimeException refused = assertRefused(request("flower").build(), "overloaded", "");
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            leaving.cancel(null);
            assertThat(waiting.get().getStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
            while (admission.waiting() > 0) {
                Thread.onSpinWait();
            }
        } finally {
            places.forEach(Admission.Permit::close);
        }
        assertThat(service.detect(request("flower").build()).getResultsCount()).isEqualTo(1);
    }

    /** Where a request is refused, a film and a stream of pictures that run hold their clients up, and lose nothing. */
    @Test
    void whatWasLetInWaitsWhereOthersAreRefused() throws Exception {
        awaitNoStream();
        var film = DetectionServiceGrpc.newBlockingV2Stub(channel).detectStream();
        var pictures = DetectionServiceGrpc.newBlockingV2Stub(channel).detectAll();
        film.write(request("chelsea").build());
        assertThat(film.read().getFrame()).isZero();
        Admission admission = application.getBean(Admission.class);
        List<Admission.Permit> places = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            places.add(admission.enter(Cancellation.none()));
        }
        pictures.write(request("chelsea").build());
        while (admission.waiting() < 1) {
            Thread.onSpinWait();
        }
        places.removeLast().close();
        while (admission.waiting() > 0 || admission.running() == WORKERS) {
            Thread.onSpinWait(); // until the first picture is done
        }
        places.add(admission.enter(Cancellation.none()));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<DetectResponse> waiting =
                    callers.submit(() -> service.detect(request("flower").build()));
            while (admission.waiting() < WAITING) {
                Thread.onSpinWait();
            }
            film.write(request("chelsea").build());
            pictures.write(request("flower").build());
            while (admission.waiting() < WAITING + 2) {
                Thread.onSpinWait();
            }
            assertRefused(request("flower").build(), "overloaded", "");
            var late = DetectionServiceGrpc.newBlockingV2Stub(channel).detectStream();
            late.write(request("flower").build());
            assertThatThrownBy(late::read).hasMessageContaining("queue full");
            places.forEach(Admission.Permit::close);
            assertThat(waiting.get().getResultsCount()).isEqualTo(1);
        }
        assertThat(film.read().getFrame()).isEqualTo(1);
        film.halfClose();
        assertThat(film.read()).isNull();
        pictures.halfClose();
        assertThat(pictures.read().getResultsCount()).isEqualTo(2);
    }

    @Test
    void refusesAStreamBeyondThoseThatMayBeOpen() throws Exception {
        awaitNoStream();
        List<BlockingClientCall<DetectRequest, DetectStreamResponse>> open = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            open.add(film());
        }
        assertThatThrownBy(DetectionServiceTest::film)
                .hasMessageContaining("RESOURCE_EXHAUSTED")
                .hasMessageContaining("streams: " + STREAMS + " are open already");
        var pictures = DetectionServiceGrpc.newBlockingV2Stub(channel).detectAll();
        pictures.write(request("chelsea").build());
        assertThatThrownBy(pictures::read).hasMessageContaining("streams: ");
        open.getFirst().halfClose();
        assertThat(open.getFirst().read()).isNull();
        open.set(0, film());
        for (var stream : open) {
            stream.write(request("chelsea").build());
            assertThat(stream.read().getFrame()).isEqualTo(1);
            stream.cancel("done", null);
        }
        awaitNoStream();
    }

    /** A stream ends a moment after its client. */
    private static void awaitNoStream() {
        OpenStreams streams = application.getBean(OpenStreams.class);
        while (streams.open() > 0) {
            Thread.onSpinWait();
        }
    }

    /** One that has begun. */
    private static BlockingClientCall<DetectRequest, DetectStreamResponse> film() throws Exception {
        var film = DetectionServiceGrpc.newBlockingV2Stub(channel).detectStream();
        film.write(request("chelsea").build());
        assertThat(film.read().getFrame()).isZero();
        return film;
    }

    /** Sixteen pictures take longer than the deadline; the places are free again afterwards. */
    @Test
    void endsAtTheDeadline() {
        DetectRequest many = DetectRequest.newBuilder()
                .addAllImages(Collections.nCopies(16, ByteString.copyFrom(Golden.file("grace_hopper"))))
                .build();
        assertThatThrownBy(() ->
                        service.withDeadlineAfter(60, TimeUnit.MILLISECONDS).detect(many))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        Admission admission = application.getBean(Admission.class);
        while (admission.running() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void answersAJobWithTheJsonOfTheRoute() {
        DetectRequest request = DetectRequest.newBuilder()
                .addImages(ByteString.copyFrom(Golden.file("chelsea")))
                .addImages(ByteString.copyFrom(Golden.file("flower")))
                .build();
        List<Double> progress = new ArrayList<>();
        JobOutput output = application
                .getBean(JobWork.class)
                .handler()
                .handle(
                        JobRequest.newBuilder().setDetection(request).build(),
                        Priority.LIVE,
                        new RecordedProgress(progress),
                        Cancellation.none());
        assertThat(output.contentType()).isEqualTo("application/json");
        assertThat(progress).containsExactly(0.5, 1.0);
        JsonNode json = JsonMapper.shared().readTree(output.bytes());
        assertThat(json.at("/data/0/detections/0/class").asString()).isEqualTo("cat");
        assertThat(json.at("/data/1/width").intValue()).isPositive();
    }

    @Test
    void refusesAJobAsTheRequestWouldBe() {
        assertThatThrownBy(() -> application
                        .getBean(JobWork.class)
                        .handler()
                        .handle(
                                JobRequest.newBuilder()
                                        .setDetection(request("flower").setIou(Float.NaN))
                                        .build(),
                                Priority.BATCH,
                                new RecordedProgress(new ArrayList<>()),
                                Cancellation.none()))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo("iou"));
    }

    private record RecordedProgress(List<Double> fractions) implements JobProgress {
        @Override
        public void fraction(double done) {
            fractions.add(done);
        }

        @Override
        public void preview(byte[] png) {}

        @Override
        public void token(String text) {}
    }

    private static DetectRequest.Builder request(String picture) {
        return DetectRequest.newBuilder().setImage(ByteString.copyFrom(Golden.file(picture)));
    }

    private static DetectRequest of(byte[] file) {
        return DetectRequest.newBuilder().setImage(ByteString.copyFrom(file)).build();
    }

    /** A PNG of a few bytes whose header says 100000 x 100000 pixels. */
    private static byte[] huge() {
        byte[] png = PngEncoder.encode(new RgbImage(1, 1, new byte[3]));
        ByteBuffer file = ByteBuffer.wrap(png).putInt(16, 100_000).putInt(20, 100_000);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        file.putInt(29, (int) crc.getValue());
        return png;
    }

    private static List<io.tern.detection.Detection> found(PictureDetections picture) {
        return picture.getDetectionsList().stream()
                .map(found -> new io.tern.detection.Detection(
                        found.getClassId(),
                        found.getClassName(),
                        found.getScore(),
                        new Box(
                                found.getBox().getX1(),
                                found.getBox().getY1(),
                                found.getBox().getX2(),
                                found.getBox().getY2())))
                .toList();
    }

    /** The reason and, if there is one, the field; returns the error for more. */
    private static StatusRuntimeException assertRefused(DetectRequest request, String reason, String field) {
        StatusRuntimeException error =
                catchThrowableOfType(StatusRuntimeException.class, () -> service.detect(request));
        assertThat(error).as("refusal").isNotNull();
        com.google.rpc.Status status = StatusProto.fromThrowable(error);
        assertThat(status).isNotNull();
        String foundReason = "";
        String foundField = "";
        try {
            for (Any detail : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    foundReason = detail.unpack(ErrorInfo.class).getReason();
                } else if (detail.is(BadRequest.class)) {
                    foundField = detail.unpack(BadRequest.class)
                            .getFieldViolations(0)
                            .getField();
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        assertThat(foundReason).as(status.getMessage()).isEqualTo(reason);
        assertThat(foundField).as(status.getMessage()).isEqualTo(field);
        return error;
    }
}
