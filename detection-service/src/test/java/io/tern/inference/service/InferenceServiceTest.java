package io.tern.inference.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.detection.Golden;
import io.tern.detection.image.NoisePicture;
import io.tern.detection.service.DetectionApplication;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.DetectionServiceGrpc;
import io.tern.inference.v2.DataType;
import io.tern.inference.v2.GRPCInferenceServiceGrpc;
import io.tern.inference.v2.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.tern.inference.v2.InferBatchStatistics;
import io.tern.inference.v2.InferParameter;
import io.tern.inference.v2.InferStatistics;
import io.tern.inference.v2.InferTensorContents;
import io.tern.inference.v2.ModelConfigRequest;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferRequest.InferInputTensor;
import io.tern.inference.v2.ModelInferRequest.InferRequestedOutputTensor;
import io.tern.inference.v2.ModelInferResponse;
import io.tern.inference.v2.ModelInferResponse.InferOutputTensor;
import io.tern.inference.v2.ModelMetadataRequest;
import io.tern.inference.v2.ModelMetadataResponse;
import io.tern.inference.v2.ModelMetadataResponse.TensorMetadata;
import io.tern.inference.v2.ModelStatistics;
import io.tern.inference.v2.ModelStatisticsRequest;
import io.tern.inference.v2.ModelStreamInferResponse;
import io.tern.inference.v2.StatisticDuration;
import io.tern.model.v1.LoadModelRequest;
import io.tern.model.v1.Model;
import io.tern.model.v1.ModelLoadingServiceGrpc;
import io.tern.model.v1.UnloadModelRequest;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;
import io.tern.onnx.Tensor;
import io.tern.serving.Admission;
import io.tern.serving.ServiceApplication;
import io.tern.tensor.Shape;
import io.tern.wire.inference.BytesElements;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** The application as it is started in production, asked for the tensors of the models that are shipped. */
@Timeout(60)
class InferenceServiceTest {
    private static final int WORKERS = 2;
    private static final int SIDE = 416;
    private static final long[] IDS = {101, 7592, 2088, 102, 101, 1037, 4937, 102};

    @TempDir
    static Path data;

    static ConfigurableApplicationContext application;
    static ManagedChannel channel;
    static GRPCInferenceServiceBlockingStub service;

    @BeforeAll
    static void start() {
        application = ServiceApplication.run(
                DetectionApplication.class,
                "detection",
                "--spring.grpc.server.port=0",
                "--tern.catalogue=" + Golden.root().resolve("models/catalogue.json"),
                "--tern.data-directory=" + data,
                "--tern.models-directory=" + data.resolve("models"),
                "--tern.device=cpu",
                "--tern.threads=2", // as the tests' own runtime in this process
                "--tern.detection.workers=" + WORKERS,
                "--tern.detection.waiting=64",
                "--tern.detection.longest-wait=600s");
        int port = application.getEnvironment().getRequiredProperty("local.grpc.server.port", Integer.class);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .maxInboundMessageSize(32 << 20)
                .maxInboundMetadataSize(1 << 20) // of an error that names all families of detectors
                .usePlaintext()
                .build();
        service = GRPCInferenceServiceGrpc.newBlockingStub(channel);
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        application.close();
    }

    @Test
    void tellsTheTensorsOfAGraph() {
        ModelMetadataResponse tokens = metadata("all-minilm-l6-v2");
        assertThat(tokens.getPlatform()).isEqualTo("onnxruntime_onnx");
        assertThat(tokens.getVersionsList()).containsExactly("1");
        assertThat(tokens.getInputsList())
                .extracting(TensorMetadata::getName, TensorMetadata::getDatatype, TensorMetadata::getShapeList)
                .containsExactlyInAnyOrder(
                        tuple("input_ids", "INT64", List.of(-1L, -1L)),
                        tuple("attention_mask", "INT64", List.of(-1L, -1L)));
        assertThat(metadata("rfcn-emoji").getInputs(0).getShapeList()).containsExactly(1L, 3L, 128L, 128L);
        assertThat(metadata("cpc-emoji").getOutputs(0).getShapeList()).containsExactly(-1L, 128L);
        var config = service.modelConfig(
                        ModelConfigRequest.newBuilder().setName("nanodet-g").build())
                .getConfig();
        assertThat(config.getMaxBatchSize()).isZero();
        assertThat(config.getInput(0).getDataType()).isEqualTo(DataType.TYPE_FP32);
        assertThat(config.getInput(0).getDimsList()).containsExactly(-1L, 3L, 416L, 416L);
    }

    private static ModelMetadataResponse metadata(String name) {
        return service.modelMetadata(
                ModelMetadataRequest.newBuilder().setName(name).build());
    }

    @Test
    void aDetectorGivesWhatItsGraphGives() {
        ByteString picture = picture(1);
        ModelInferResponse answer = service.modelInfer(
                detector(picture).setId("mine").setModelVersion("1").build());
        assertThat(answer.getModelName()).isEqualTo("nanodet-g");
        assertThat(answer.getModelVersion()).isEqualTo("1");
        assertThat(answer.getId()).isEqualTo("mine");
        Map<String, ByteString> expected =
                graph(Golden.MODEL, Map.of("images", floats(picture, Shape.of(1, 3, SIDE, SIDE))));
        assertThat(outputs(answer)).isEqualTo(expected);
        assertThat(answer.getOutputsList())
                .extracting(InferOutputTensor::getName)
                .containsExactlyElementsOf(expected.keySet());
    }

    @Test
    void anEncoderGivesWhatItsGraphGives() {
        ModelInferResponse answer = service.modelInfer(tokens(IDS, 2));
        assertThat(answer.getOutputs(0).getShapeList()).containsExactly(2L, 4L, 384L);
        Shape shape = Shape.of(2, 4);
        assertThat(outputs(answer))
                .isEqualTo(graph(
                        Golden.root().resolve("models/emoji/text_encoder/model.onnx"),
                        Map.of("input_ids", longs(IDS, shape), "attention_mask", longs(ones(8), shape))));
    }

    @Test
    void typedContentsAreTheSameRequest() {
        ByteString picture = picture(2);
        ModelInferRequest raw = detector(picture).build();
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        var values =
                picture.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        while (values.hasRemaining()) {
            contents.addFp32Contents(values.get());
        }
        ModelInferRequest.Builder typed = raw.toBuilder().clearRawInputContents();
        typed.getInputsBuilder(0).setContents(contents);
        assertThat(service.modelInfer(typed.build())).isEqualTo(service.modelInfer(raw));
    }

    @Test
    void givesTheOutputsThatAreAskedForInTheirOrder() {
        ModelInferRequest.Builder request = detector(picture(1));
        ModelInferResponse all = service.modelInfer(request.build());
        ModelInferResponse two = service.modelInfer(
                request.addOutputs(output("scores")).addOutputs(output("boxes")).build());
        assertThat(two.getOutputsList()).extracting(InferOutputTensor::getName).containsExactly("scores", "boxes");
        assertThat(outputs(all)).containsAllEntriesOf(outputs(two));
    }

    @Test
    void manyAtOnceAreRightAndDetectionsBesideThemToo() throws Exception {
        List<ModelInferResponse> alone = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            alone.add(service.modelInfer(detector(picture(seed)).build()));
        }
        DetectRequest detect = DetectRequest.newBuilder()
                .setImage(ByteString.copyFrom(Golden.file("chelsea")))
                .build();
        var detection = DetectionServiceGrpc.newBlockingStub(channel);
        DetectResponse cat = detection.detect(detect);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ModelInferResponse>> infers = new ArrayList<>();
            List<Future<DetectResponse>> detects = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                ModelInferRequest request = detector(picture(i % 4)).build();
                infers.add(threads.submit(() -> service.modelInfer(request)));
                if (i % 4 == 0) {
                    detects.add(threads.submit(() -> detection.detect(detect)));
                }
            }
            for (int i = 0; i < infers.size(); i++) {
                assertThat(infers.get(i).get()).isEqualTo(alone.get(i % 4));
            }
            for (Future<DetectResponse> found : detects) {
                assertThat(found.get().getResultsList()).isEqualTo(cat.getResultsList());
            }
        }
    }

    @Test
    void whatEndsWhileItWaitsDoesNotRun() throws InterruptedException {
        Admission admission = application.getBean(Admission.class);
        ModelInferRequest request = detector(picture(1)).build();
        try (Admission.Permit _ = admission.enter(Cancellation.none());
                Admission.Permit _ = admission.enter(Cancellation.none())) {
            assertThat(failure(() -> service.withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                                    .modelInfer(request))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            for (int i = 0; admission.waiting() > 0 && i < 500; i++) {
                TimeUnit.MILLISECONDS.sleep(10); // the service hears of it a moment after its client
            }
            assertThat(admission.waiting()).isZero();
        }
        assertThat(service.modelInfer(request).getOutputsCount()).isEqualTo(8);
    }

    @Test
    void aStreamGoesOnAfterARequestThatIsRefused() throws Exception {
        var stream = GRPCInferenceServiceGrpc.newBlockingV2Stub(channel).modelStreamInfer();
        stream.write(tokens(IDS, 1));
        assertThat(stream.read().getInferResponse()).isEqualTo(service.modelInfer(tokens(IDS, 1)));
        stream.write(tokens(IDS, 1).toBuilder().setModelName("none").setId("x").build());
        ModelStreamInferResponse refused = stream.read();
        assertThat(refused.getErrorMessage()).startsWith("model_name: none (expected: one of ");
        assertThat(refused.getInferResponse().getId()).isEqualTo("x");
        stream.write(tokens(IDS, 2).toBuilder()
                .putParameters(
                        "triton_enable_empty_final_response",
                        InferParameter.newBuilder().setBoolParam(true).build())
                .build());
        assertThat(stream.read()
                        .getInferResponse()
                        .getParametersOrThrow("triton_final_response")
                        .getBoolParam())
                .isTrue();
        stream.halfClose();
        assertThat(stream.read()).isNull();
    }

    @Test
    void servesADetectorOfOnesOwnUntilItIsUnloaded() {
        var loading = ModelLoadingServiceGrpc.newBlockingStub(channel);
        var _ = loading.loadModel(LoadModelRequest.newBuilder()
                .setName("mine")
                .setPath(Golden.MODEL.toAbsolutePath().toString())
                .build());
        ModelInferRequest request = detector(picture(1)).setModelName("mine").build();
        assertThat(outputs(service.modelInfer(request)))
                .isEqualTo(outputs(service.modelInfer(
                        request.toBuilder().setModelName("nanodet-g").build())));
        var _ = loading.unloadModel(
                UnloadModelRequest.newBuilder().setName("mine").build());
        assertRefused(request, "model_not_found", "model_name: mine (expected: one of ");
    }

    @Test
    void servesAnyGraphByItsTensorsIfAskedTo() {
        var loading = ModelLoadingServiceGrpc.newBlockingStub(channel);
        LoadModelRequest detector = graph("affine").build();
        StatusRuntimeException unknown = failure(() -> loading.loadModel(detector));
        assertThat(unknown.getStatus().getDescription())
                .startsWith("model: inputs: x FLOAT32 [?, 3]; outputs: y FLOAT32 [?, 2] (expected: ")
                .endsWith("; or, for a graph of any other kind, to be served --as tensors)");
        LoadModelRequest load = detector.toBuilder().setServeAs("tensors").build();
        Model served = loading.loadModel(load).getModel();
        assertThat(served.getCapabilitiesList()).containsExactly("tensors");
        assertThat(served.getService()).isEqualTo("detection");
        assertThat(served.getPrecision()).isEmpty();
        assertThat(metadata("affine").getInputsList())
                .containsExactly(TensorMetadata.newBuilder()
                        .setName("x")
                        .setDatatype("FP32")
                        .addAllShape(List.of(-1L, 3L))
                        .build());
        ModelInferRequest request = affine(1, 2, 3, 4, 5, 6);
        ModelInferResponse answer = service.modelInfer(request);
        assertThat(answer.getOutputs(0).getShapeList()).containsExactly(2L, 2L);
        assertThat(answer.getRawOutputContents(0)).isEqualTo(floats(22.5f, 27.5f, 49.5f, 63.5f));
        assertRefused(input(request, x -> x.setName("z")), "inputs[0].name: z (expected: one of x)");
        assertRefused(input(request, x -> x.setDatatype("FP64")), "inputs[x].datatype: FP64 (expected: FP32)");
        assertRefused(input(request, x -> x.setShape(1, 2)), "inputs[x].shape: [2, 2] (expected: [-1, 3], where -1");
        assertThat(one("affine").getInferenceCount()).isEqualTo(1);
        assertThat(one("affine").getInferenceStats().getFail().getCount()).isEqualTo(3);
        assertThat(failure(() -> DetectionServiceGrpc.newBlockingStub(channel)
                                .detect(DetectRequest.newBuilder()
                                        .setModel("affine")
                                        .build()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);

        var _ = loading.loadModel(load); // the same file again
        assertThat(one("affine").getInferenceCount()).isZero();
        assertThat(data.resolve("brought/detection.json")).content().contains("\"serve_as\" : \"tensors\"");
        var _ = loading.unloadModel(
                UnloadModelRequest.newBuilder().setName("affine").build());
        assertRefused(request, "model_not_found", "model_name: affine (expected: one of ");
    }

    @Test
    void refusesGraphsThatCannotBeServedAndNamesThatAreTaken() {
        var loading = ModelLoadingServiceGrpc.newBlockingStub(channel);
        LoadModelRequest load = graph("affine").setServeAs("tensors").build();
        Map.of(
                        load.toBuilder().setPrecision("fp16").build(),
                        "precision: fp16 (expected: none",
                        load.toBuilder().setServeAs("boxes").build(),
                        "serve_as: boxes (expected: tensors, or nothing)",
                        load.toBuilder().setName("nanodet-g").build(),
                        "name: nanodet-g, which is served as something",
                        load.toBuilder().setName("all-minilm-l6-v2").build(),
                        "name: all-minilm-l6-v2, which is served",
                        graph("affine").setName("all-minilm-l6-v2").build(),
                        "name: all-minilm-l6-v2, which is served",
                        load.toBuilder().setPath(load.getPath() + "x").build(),
                        "path: ",
                        load.toBuilder()
                                .setPath(load.getPath().replace("affine.onnx", "shared.weights"))
                                .build(),
                        "model file: ")
                .forEach((refused, message) -> assertThat(failure(() -> loading.loadModel(refused)))
                        .hasMessageStartingWith("INVALID_ARGUMENT: " + message));
    }

    /** A model of the runtime's tests, under its own name. */
    private static LoadModelRequest.Builder graph(String name) {
        Path file = Golden.root().resolve("runtime/src/test/resources/io/tern/onnx/" + name + ".onnx");
        return LoadModelRequest.newBuilder()
                .setName(name)
                .setPath(file.toAbsolutePath().toString());
    }

    private static ModelInferRequest affine(float... x) {
        return ModelInferRequest.newBuilder()
                .setModelName("affine")
                .addInputs(InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("FP32")
                        .addAllShape(List.of(x.length / 3L, 3L)))
                .addRawInputContents(floats(x))
                .build();
    }

    private static ByteString floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return ByteString.copyFrom(bytes);
    }

    @Test
    void tellsWhatAModelWasAskedSinceItWasLoaded() {
        var loading = ModelLoadingServiceGrpc.newBlockingStub(channel);
        LoadModelRequest load = LoadModelRequest.newBuilder()
                .setName("counted")
                .setPath(Golden.MODEL.toAbsolutePath().toString())
                .build();
        var _ = loading.loadModel(load);
        assertThat(one("counted").getInferenceStats().getSuccess()).isEqualTo(StatisticDuration.getDefaultInstance());
        ModelInferRequest request = detector(picture(1)).setModelName("counted").build();
        for (int i = 0; i < 3; i++) {
            var _ = service.modelInfer(request);
        }
        assertRefused(request.toBuilder().clearRawInputContents(), "inputs[images].contents.fp32_contents: 0 elements");
        ModelStatistics all = one("counted");
        assertThat(all.getInferenceCount()).isEqualTo(3);
        assertThat(all.getExecutionCount()).isEqualTo(3);
        assertThat(all.getVersion()).isEqualTo("1");
        assertThat(all.getLastInference()).isPositive();
        InferStatistics times = all.getInferenceStats();
        assertThat(times.getFail().getCount()).isEqualTo(1);
        List<StatisticDuration> parts =
                List.of(times.getQueue(), times.getComputeInput(), times.getComputeInfer(), times.getComputeOutput());
        assertThat(parts).allMatch(part -> part.getCount() == 3 && part.getNs() > 0);
        assertThat(parts.stream().mapToLong(StatisticDuration::getNs).sum())
                .isEqualTo(times.getSuccess().getNs());
        assertThat(all.getBatchStatsList())
                .containsExactly(InferBatchStatistics.newBuilder()
                        .setBatchSize(1)
                        .setComputeInput(times.getComputeInput())
                        .setComputeInfer(times.getComputeInfer())
                        .setComputeOutput(times.getComputeOutput())
                        .build());
        var _ = loading.unloadModel(
                UnloadModelRequest.newBuilder().setName("counted").build());
        assertThat(failure(() -> one("counted")).getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        var _ = loading.loadModel(load);
        assertThat(one("counted").getInferenceCount()).isZero();
        assertThat(service.modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                        .getModelStatsList())
                .extracting(ModelStatistics::getName)
                .contains("counted", "nanodet-g", "all-minilm-l6-v2", "cpc-emoji");
        var _ = loading.unloadModel(
                UnloadModelRequest.newBuilder().setName("counted").build());
    }

    private static ModelStatistics one(String model) {
        return service.modelStatistics(ModelStatisticsRequest.newBuilder()
                        .setName(model)
                        .setVersion("1")
                        .build())
                .getModelStats(0);
    }

    @Test
    void refusesWhatTheGraphDoesNotTake() {
        ModelInferRequest right = tokens(IDS, 2);
        assertRefused(right.toBuilder().setModelName(""), "model_name: empty");
        assertRefused(
                right.toBuilder().setModelVersion("2").build(), "model_not_found", "model_version: 2 (expected: 1)");
        assertRefused(firstContents(right).removeInputs(1), "inputs: no attention_mask (expected: ");
        assertRefused(
                right.toBuilder().addInputs(right.getInputs(0)).addRawInputContents(right.getRawInputContents(0)),
                "inputs[input_ids]: sent twice");
        assertRefused(firstContents(right), "raw_input_contents: 1 tensors (expected: 2");
        assertRefused(
                right.toBuilder().setOutputs(0, output("logits")),
                "outputs[0].name: logits (expected: one of last_hidden_state)");
        assertRefused(
                right.toBuilder().addOutputs(right.getOutputs(0)), "outputs[1].name: last_hidden_state, named twice");
        assertRefused(
                right.toBuilder()
                        .setOutputs(
                                0, output("last_hidden_state").toBuilder().putParameters("classification", number(3))),
                "outputs[0].parameters: [classification]");
        assertRefused(
                right.toBuilder().putParameters("sequence_id", number(1)),
                "parameters.sequence_id: unknown (expected: ");
        assertRefused(
                input(right, ids -> ids.setName("x")),
                "inputs[0].name: x (expected: one of input_ids, attention_mask)");
        assertRefused(
                input(right, ids -> ids.setDatatype("INT32")), "inputs[input_ids].datatype: INT32 (expected: INT64)");
        assertRefused(
                input(right, ids -> ids.clearShape().addShape(8)),
                "inputs[input_ids].shape: [8] (expected: [-1, -1], where -1 is any)");
        assertRefused(
                input(right, ids -> ids.setShape(0, -2)), "inputs[input_ids].shape: [-2, 4] (expected: 0 or more");
        assertRefused(
                input(right, ids -> ids.setShape(0, Long.MAX_VALUE)),
                "inputs[input_ids].shape: [9223372036854775807, 4] (expected: at most 32000000 bytes");
        assertRefused(
                input(right, ids -> ids.setShape(0, 2049)),
                "inputs[input_ids].shape: [2049, 4] (expected: at most 8192 elements)");
        assertRefused(
                input(right, ids -> ids.setShape(0, 3)),
                "inputs[input_ids]: 64 raw bytes (expected: 96 for INT64 [3, 4])");
        assertRefused(
                input(
                        right,
                        ids -> ids.setContents(InferTensorContents.newBuilder().addInt64Contents(1))),
                "inputs[input_ids].contents: set beside raw_input_contents");
        assertRefused(
                input(right, ids -> ids.putParameters("shared_memory_region", number(1))),
                "inputs[input_ids].parameters.shared_memory_region: unknown");
        assertRefused(
                input(right, ids -> ids.putParameters("binary_data_size", number(63))),
                "inputs[input_ids].parameters.binary_data_size: 63 (expected: the raw contents' 64)");
    }

    /** What only the graph's own nodes find out. */
    @Test
    void valuesThatANodeDoesNotTakeAreTheCallersToMend() {
        loadByTensors("table");
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                .setModelName("table")
                .addInputs(InferInputTensor.newBuilder()
                        .setName("index")
                        .setDatatype("INT64")
                        .addShape(2));
        assertRefused(
                request.clone().addRawInputContents(bytes(new long[] {1, 3})).build(),
                "invalid_argument",
                "inputs: refused by Gather: indices element out of data bounds, idx=3");
        assertThat(service.modelInfer(request.addRawInputContents(bytes(new long[] {2, 0}))
                                .build())
                        .getRawOutputContents(0))
                .isEqualTo(floats(4, 5, 0, 1));
        unload("table");
    }

    @Test
    void anEncoderIsAskedOfItsOwnVocabularyAndPositions() {
        for (long token : new long[] {-101, 30_522, Long.MIN_VALUE}) {
            long[] beyond = IDS.clone();
            beyond[3] = token;
            assertRefused(
                    tokens(beyond, 2),
                    "invalid_argument",
                    "inputs[input_ids][3]: token " + token + " (expected: 0..30521)");
        }
        assertRefused(
                tokens(new long[513], 1),
                "invalid_argument",
                "inputs[input_ids].shape: [1, 513] (expected: at most 512 tokens a text)");
        assertThat(service.modelInfer(tokens(new long[512], 1)).getOutputsCount())
                .isEqualTo(1);
    }

    @Test
    void stringsGoThroughAGraph() {
        loadByTensors("words");
        assertThat(metadata("words").getOutputsList())
                .extracting(TensorMetadata::getName, TensorMetadata::getDatatype)
                .containsExactly(tuple("lower", "BYTES"), tuple("label", "INT64"), tuple("name", "BYTES"));
        var config = service.modelConfig(
                        ModelConfigRequest.newBuilder().setName("words").build())
                .getConfig();
        assertThat(config.getInput(0).getDataType()).isEqualTo(DataType.TYPE_STRING);
        ModelInferRequest raw = ModelInferRequest.newBuilder()
                .setModelName("words")
                .addInputs(InferInputTensor.newBuilder()
                        .setName("text")
                        .setDatatype("BYTES")
                        .addShape(3))
                .addRawInputContents(strings("TERN", "", "Größe"))
                .build();
        ModelInferResponse answer = service.modelInfer(raw);
        assertThat(outputs(answer))
                .containsEntry("lower", strings("tern", "", "größe"))
                .containsEntry("label", bytes(new long[] {0, -1, 2}))
                .containsEntry("name", strings("tern", "none", "größe"));
        ModelInferRequest.Builder typed = raw.toBuilder().clearRawInputContents();
        typed.getInputsBuilder(0)
                .getContentsBuilder()
                .addBytesContents(ByteString.copyFromUtf8("TERN"))
                .addBytesContents(ByteString.EMPTY)
                .addBytesContents(ByteString.copyFromUtf8("Größe"));
        assertThat(service.modelInfer(typed.build())).isEqualTo(answer);
        assertRefused(
                input(raw, text -> text.setShape(0, 2)), "inputs[text]: 3 elements of BYTES (expected: 2 as by the");
        assertRefused(
                raw.toBuilder().setRawInputContents(0, strings("TERN", "", "x").substring(0, 15)),
                "inputs[text][2]: 3 bytes at the end (expected: its length");
        assertRefused(
                raw.toBuilder().setRawInputContents(0, ByteString.copyFrom(new byte[] {-1, -1, -1, -1})),
                "inputs[text][0]: 4294967295 bytes (expected: at most the 0 that follow");
        unload("words");
    }

    private static ByteString strings(String... texts) {
        return BytesElements.of(Stream.of(texts).map(ByteString::copyFromUtf8).toList());
    }

    private static void loadByTensors(String name) {
        var _ = ModelLoadingServiceGrpc.newBlockingStub(channel)
                .loadModel(graph(name).setServeAs("tensors").build());
    }

    private static void unload(String name) {
        var _ = ModelLoadingServiceGrpc.newBlockingStub(channel)
                .unloadModel(UnloadModelRequest.newBuilder().setName(name).build());
    }

    @Test
    void aRequestHasATimeAndAPriorityOfItsOwn() throws Exception {
        ModelInferRequest request = detector(picture(1)).build();
        ModelInferResponse answer = service.modelInfer(request);
        for (InferParameter level : List.of(number(0), number(1), number(7), unsigned(1), unsigned(-1))) {
            assertThat(service.modelInfer(with(request, "priority", level))).isEqualTo(answer);
        }
        for (InferParameter micros : List.of(number(0), number(600_000_000), unsigned(-1), number(Long.MAX_VALUE))) {
            assertThat(service.modelInfer(with(request, "timeout", micros))).isEqualTo(answer);
        }
        assertRefused(
                with(request, "timeout", number(-1)), "invalid_argument", "parameters.timeout: -1 (expected: micro");
        assertRefused(
                with(
                        request,
                        "priority",
                        InferParameter.newBuilder().setBoolParam(true).build()),
                "invalid_argument",
                "parameters.priority: another type (expected: 0 or more: 1 is live, more is batch)");
        Admission admission = application.getBean(Admission.class);
        try (Admission.Permit _ = admission.enter(Cancellation.none());
                Admission.Permit _ = admission.enter(Cancellation.none())) {
            assertRefused(with(request, "timeout", number(1_000)), "deadline_exceeded", "deadline exceeded");
            assertThat(admission.waiting()).isZero();
        }
        // Another of either kind has room, but batch does not go beside a second while somebody is waited for.
        try (Admission.Permit _ = admission.enterCall(Priority.BATCH, Cancellation.none());
                Admission.Permit _ = admission.enterCall(Priority.LIVE, Cancellation.none())) {
            assertThat(service.modelInfer(with(request, "priority", number(1)))).isEqualTo(answer);
            assertRefused(
                    with(request, "priority", number(2)).toBuilder()
                            .putParameters("timeout", number(1_000))
                            .build(),
                    "deadline_exceeded",
                    "deadline exceeded");
        }
    }

    private static ModelInferRequest with(ModelInferRequest request, String name, InferParameter value) {
        return request.toBuilder().putParameters(name, value).build();
    }

    private static InferParameter unsigned(long value) {
        return InferParameter.newBuilder().setUint64Param(value).build();
    }

    private static void assertRefused(ModelInferRequest.Builder request, String message) {
        assertRefused(request.build(), "invalid_argument", message);
    }

    private static void assertRefused(ModelInferRequest request, String code, String message) {
        StatusRuntimeException error = failure(() -> service.modelInfer(request));
        assertThat(error.getStatus().getDescription()).startsWith(message);
        assertThat(StatusProto.fromThrowable(error).getDetailsList())
                .filteredOn(detail -> detail.is(ErrorInfo.class))
                .extracting(detail -> detail.unpack(ErrorInfo.class).getReason())
                .containsExactly(code);
    }

    private static StatusRuntimeException failure(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run);
    }

    private static ModelInferRequest.Builder input(
            ModelInferRequest request, java.util.function.Consumer<InferInputTensor.Builder> change) {
        ModelInferRequest.Builder changed = request.toBuilder();
        change.accept(changed.getInputsBuilder(0));
        return changed;
    }

    /** With the raw contents of the first input alone. */
    private static ModelInferRequest.Builder firstContents(ModelInferRequest request) {
        return request.toBuilder().clearRawInputContents().addRawInputContents(request.getRawInputContents(0));
    }

    private static InferParameter number(long value) {
        return InferParameter.newBuilder().setInt64Param(value).build();
    }

    private static InferRequestedOutputTensor output(String name) {
        return InferRequestedOutputTensor.newBuilder().setName(name).build();
    }

    private static ModelInferRequest.Builder detector(ByteString picture) {
        return ModelInferRequest.newBuilder()
                .setModelName("nanodet-g")
                .addInputs(InferInputTensor.newBuilder()
                        .setName("images")
                        .setDatatype("FP32")
                        .addAllShape(List.of(1L, 3L, (long) SIDE, (long) SIDE)))
                .addRawInputContents(picture);
    }

    private static ModelInferRequest tokens(long[] ids, int texts) {
        List<Long> shape = List.of((long) texts, (long) ids.length / texts);
        return ModelInferRequest.newBuilder()
                .setModelName("all-minilm-l6-v2")
                .addInputs(InferInputTensor.newBuilder()
                        .setName("input_ids")
                        .setDatatype("INT64")
                        .addAllShape(shape))
                .addInputs(InferInputTensor.newBuilder()
                        .setName("attention_mask")
                        .setDatatype("INT64")
                        .addAllShape(shape))
                .addRawInputContents(bytes(ids))
                .addRawInputContents(bytes(ones(ids.length)))
                .addOutputs(output("last_hidden_state"))
                .build();
    }

    private static long[] ones(int count) {
        return LongStream.generate(() -> 1).limit(count).toArray();
    }

    private static ByteString bytes(long[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return ByteString.copyFrom(bytes);
    }

    /** Noise in -1..1, in planes. */
    private static ByteString picture(int seed) {
        byte[] noise = NoisePicture.of(SIDE, SIDE, seed).rgb();
        ByteBuffer planes = ByteBuffer.allocate(4 * noise.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int channel = 0; channel < 3; channel++) {
            for (int pixel = channel; pixel < noise.length; pixel += 3) {
                planes.putFloat((noise[pixel] & 0xff) / 127.5f - 1);
            }
        }
        return ByteString.copyFrom(planes.flip());
    }

    private static Map<String, ByteString> outputs(ModelInferResponse answer) {
        Map<String, ByteString> outputs = new LinkedHashMap<>();
        for (int i = 0; i < answer.getOutputsCount(); i++) {
            outputs.put(answer.getOutputs(i).getName(), answer.getRawOutputContents(i));
        }
        return outputs;
    }

    /** A tensor in a runtime. */
    @FunctionalInterface
    private interface Source {
        Tensor in(OnnxRuntime runtime, Arena arena);
    }

    private static Source floats(ByteString raw, Shape shape) {
        float[] values = new float[raw.size() / 4];
        raw.asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return (runtime, arena) -> Tensor.copyOf(runtime, arena, shape, values);
    }

    private static Source longs(long[] values, Shape shape) {
        return (runtime, arena) -> Tensor.copyOf(runtime, arena, shape, values);
    }

    /** A session of its own, asked without the service. */
    private static Map<String, ByteString> graph(Path model, Map<String, Source> sources) {
        Map<String, ByteString> outputs = new LinkedHashMap<>();
        try (OnnxRuntime runtime = OnnxRuntime.open(2);
                Session session = runtime.load(model, SessionConfig.cpu());
                Arena arena = Arena.ofConfined()) {
            Map<String, Tensor> inputs = new LinkedHashMap<>();
            sources.forEach((name, source) -> inputs.put(name, source.in(runtime, arena)));
            session.run(inputs, arena, Cancellation.none())
                    .forEach((name, output) -> outputs.put(
                            name, ByteString.copyFrom(output.segment().asByteBuffer())));
        }
        return outputs;
    }
}
