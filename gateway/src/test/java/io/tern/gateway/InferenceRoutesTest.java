package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.tern.gateway.TestGateway.Answer;
import io.tern.gateway.web.Packing;
import io.tern.inference.v2.GRPCInferenceServiceGrpc;
import io.tern.inference.v2.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferRequest.InferInputTensor;
import io.tern.inference.v2.ModelInferResponse;
import io.tern.inference.v2.ModelMetadataRequest;
import io.tern.inference.v2.ModelReadyRequest;
import io.tern.inference.v2.ModelStatisticsRequest;
import io.tern.inference.v2.RepositoryIndexRequest;
import io.tern.inference.v2.ServerMetadataRequest;
import io.tern.inference.v2.ServerReadyRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Open Inference Protocol through both doors. */
class InferenceRoutesTest {
    private static final String INFER = "/v2/models/nanodet/infer";
    private static final String TENSOR =
            "{'id':'7','inputs':[{'name':'x','shape':[2,2],'datatype':'INT32','data':[[1,2],[3,-4]]}]%s}";
    private static final byte[] RAW = {1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, (byte) 0xfc, -1, -1, -1};

    private static final String HEADER = "Inference-Header-Content-Length";
    private static final byte[] HEAD =
            ("{'id':'7','inputs':[{'name':'x','shape':[2,2],'datatype':'INT32','parameters':{'binary_data_size':16}}],"
                            + "'parameters':{'binary_data_output':true}}")
                    .replace('\'', '"')
                    .getBytes(StandardCharsets.UTF_8);

    private final TestGateway gateway = TestGateway.shared();
    private final GRPCInferenceServiceBlockingStub grpc = GRPCInferenceServiceGrpc.newBlockingStub(gateway.channel);

    @Test
    void tellsWhatTheServerIs() {
        Answer server = gateway.get("/v2");
        assertThat(server.text())
                .isEqualTo(
                        "{\"name\":\"tern\",\"version\":\"0.1.0\",\"extensions\":[\"binary_tensor_data\",\"model_configuration\",\"statistics\"]}");
        assertThat(gateway.get("/openapi.json").json().at("/info/version").asString())
                .isEqualTo(server.json().at("/version").asString());
        assertThat(gateway.get("/v2/health/live").text()).isEqualTo("{\"live\":true}");
        assertThat(grpc.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getExtensionsList())
                .containsExactly("binary_tensor_data", "model_configuration", "statistics");
        boolean ready =
                grpc.serverReady(ServerReadyRequest.getDefaultInstance()).getReady();
        assertThat(gateway.get("/v2/health/ready").status()).isEqualTo(ready ? 200 : 503);
    }

    @Test
    void tellsWhatModelsWereAsked() {
        String none = "{\"count\":0,\"ns\":0}";
        String twice = "{\"count\":2,\"ns\":7}";
        String statistics =
                "{\"model_stats\":[{\"name\":\"nanodet\",\"version\":\"1\",\"last_inference\":1700000000000,"
                        + "\"inference_count\":2,\"execution_count\":2,\"inference_stats\":{\"success\":" + twice
                        + ",\"fail\":" + none
                        + ",\"queue\":" + none + ",\"compute_input\":" + none + ",\"compute_infer\":" + twice
                        + ",\"compute_output\":" + none + ",\"cache_hit\":" + none + ",\"cache_miss\":" + none
                        + "},\"batch_stats\":[{\"batch_size\":1,\"compute_input\":" + none + ",\"compute_infer\":"
                        + twice
                        + ",\"compute_output\":" + none + "}]}]}";
        for (String path : List.of("/nanodet/stats", "/nanodet/versions/1/stats", "/stats")) {
            assertThat(gateway.get("/v2/models" + path).text()).as(path).isEqualTo(statistics);
        }
        assertThat(gateway.get("/v2/models/smollm/stats").status()).isEqualTo(404);
        assertThat(grpc.modelStatistics(ModelStatisticsRequest.newBuilder().build())
                        .getModelStats(0)
                        .getInferenceCount())
                .isEqualTo(2);
    }

    @Test
    void tellsOfEachModelWithTensorsAndWithout() {
        String tensors =
                "{\"name\":\"nanodet\",\"versions\":[\"1\"],\"platform\":\"onnxruntime_onnx\",\"inputs\":[{\"name\":\"images\",\"datatype\":\"FP32\",\"shape\":[-1,3]}],\"outputs\":[]}";
        assertThat(gateway.get("/v2/models/nanodet").text()).isEqualTo(tensors);
        assertThat(gateway.get("/v2/models/nanodet/versions/1").text()).isEqualTo(tensors);
        assertThat(gateway.get("/v2/models/smollm").text())
                .isEqualTo(
                        "{\"name\":\"smollm\",\"versions\":[\"1\"],\"platform\":\"tern_decoding\",\"inputs\":[],\"outputs\":[]}");
        assertThat(grpc.modelMetadata(metadata("smollm")).getPlatform()).isEqualTo("tern_decoding");
        assertThat(grpc.modelMetadata(metadata("nanodet")).getInputsCount()).isEqualTo(1);
        assertThat(gateway.get("/v2/models/emoji/ready").text()).isEqualTo("{\"name\":\"emoji\",\"ready\":true}");
        assertThat(gateway.post("/v2/repository/index", "").json())
                .isEqualTo(
                        gateway.post("/v2/repository/index", "{'ready':true}").json())
                .hasSize(3);
        assertThat(grpc.repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                        .getModelsList())
                .extracting(model -> model.getName() + " " + model.getState())
                .containsExactly("nanodet READY", "emoji READY", "smollm READY");
    }

    @Test
    void aModelThatIsNotServedIsNotReady() {
        assertThat(isReady("smollm", "1")).isTrue();
        assertThat(isReady("none", "")).isFalse();
        assertThat(isReady("smollm", "2")).isFalse();
        for (String path : new String[] {"/v2/models/none", "/v2/models/none/ready", "/v2/models/smollm/versions/2"}) {
            Answer answer = gateway.get(path);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.json().at("/code").asString()).isEqualTo("model_not_found");
            assertThat(answer.json().at("/error").asString()).contains("(expected: ");
            assertThat(answer.json().at("/request_id").asString()).isEqualTo(answer.header("X-Request-Id"));
        }
        StatusRuntimeException error =
                catchThrowableOfType(StatusRuntimeException.class, () -> grpc.modelMetadata(metadata("none")));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(error.getStatus().getDescription())
                .isEqualTo("model: none (expected: one of nanodet, emoji, smollm)");
        assertThat(StatusProto.fromThrowable(error).getDetailsList()).anyMatch(detail -> detail.is(ErrorInfo.class));
    }

    private boolean isReady(String name, String version) {
        return grpc.modelReady(ModelReadyRequest.newBuilder()
                        .setName(name)
                        .setVersion(version)
                        .build())
                .getReady();
    }

    @Test
    void jsonBinaryAndGrpcAreOneRequestAndOneAnswer() {
        Answer json = gateway.post(INFER, TENSOR.formatted(""), "X-Request-Id", "mine");
        ModelInferRequest asJson = gateway.services.inference.last.get();
        assertThat(json.text())
                .isEqualTo(
                        "{\"model_name\":\"nanodet\",\"model_version\":\"1\",\"id\":\"7\",\"outputs\":[{\"name\":\"x\",\"datatype\":\"INT32\",\"shape\":[2,2],\"data\":[1,2,3,-4]}]}");
        assertThat(json.header("Content-Type")).isEqualTo("application/json");
        assertThat(gateway.services.inference.requestId).hasValue("mine");

        Answer binary = gateway.post(
                INFER, binaryBody(), "Content-Type", "application/octet-stream", HEADER, Integer.toString(HEAD.length));
        assertThat(gateway.services.inference.last).hasValue(asJson);
        int headLength = Integer.parseInt(binary.header(HEADER));
        byte[] body = binary.response().body();
        assertThat(new String(body, 0, headLength, StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"model_name\":\"nanodet\",\"model_version\":\"1\",\"id\":\"7\",\"outputs\":[{\"name\":\"x\",\"datatype\":\"INT32\",\"shape\":[2,2],\"parameters\":{\"binary_data_size\":16}}]}");
        assertThat(Arrays.copyOfRange(body, headLength, body.length)).isEqualTo(RAW);
        assertThat(binary.header("Content-Type")).isEqualTo("application/octet-stream");

        ModelInferResponse direct = grpc.modelInfer(asJson);
        assertThat(gateway.services.inference.last).hasValue(asJson);
        assertThat(direct.getRawOutputContents(0)).isEqualTo(ByteString.copyFrom(RAW));
    }

    private static byte[] binaryBody() {
        return ByteBuffer.allocate(HEAD.length + RAW.length).put(HEAD).put(RAW).array();
    }

    @Test
    void aPictureInDecimalsFits() {
        StringBuilder numbers = new StringBuilder("0.12345678");
        for (int i = 1; i < 3 * 640 * 640; i++) {
            numbers.append(",-").append(i % 256).append(".1234567");
        }
        String body = "{'inputs':[{'name':'x','shape':[1,3,640,640],'datatype':'FP32','data':[" + numbers
                + "]}],'parameters':{'binary_data_output':true}}";
        Answer answer = gateway.post(INFER, body);
        assertThat(answer.status()).isEqualTo(200);
        ByteString raw = gateway.services.inference.last.get().getRawInputContents(0);
        assertThat(raw.size()).isEqualTo(4 * 3 * 640 * 640);
        byte[] sent = answer.response().body();
        assertThat(ByteString.copyFrom(sent, sent.length - raw.size(), raw.size()))
                .isEqualTo(raw);
    }

    @Test
    void bodiesMayComeAndGoPacked() throws IOException {
        Answer plain = gateway.post(INFER, binaryBody(), HEADER, Integer.toString(HEAD.length));
        ModelInferRequest expected = gateway.services.inference.last.get();
        for (Packing packing : List.of(Packing.GZIP, Packing.DEFLATE)) {
            Answer answer = gateway.post(
                    INFER,
                    packing.pack(binaryBody()),
                    HEADER,
                    Integer.toString(HEAD.length),
                    "Content-Encoding",
                    packing.wireName(),
                    "Accept-Encoding",
                    packing.wireName());
            assertThat(gateway.services.inference.last).hasValue(expected);
            assertThat(answer.response().body())
                    .as("too small to be packed")
                    .isEqualTo(plain.response().body());
        }
        String numbers = "1" + ",1".repeat(999);
        String body = "{'inputs':[{'name':'x','shape':[1000],'datatype':'INT32','data':[" + numbers + "]}]}";
        Answer packed = gateway.post(INFER, body, "Accept-Encoding", "br, gzip;q=0.5");
        assertThat(packed.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(packed.header("Vary")).contains("Accept-Encoding");
        assertThat(new GZIPInputStream(
                                new ByteArrayInputStream(packed.response().body()))
                        .readAllBytes())
                .isEqualTo(gateway.post(INFER, body, "Accept-Encoding", "gzip;q=0")
                        .response()
                        .body());
    }

    @Test
    void aBodyThatUnpacksToTooMuchIsRefused() {
        byte[] bomb = Packing.GZIP.pack(new byte[(32 << 20) + 1]);
        assertThat(bomb.length).isLessThan(1 << 20);
        Answer large = gateway.post(INFER, bomb, "Content-Encoding", "gzip");
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.json().at("/error").asString()).startsWith("body: too large (expected: at most 33554432");
        byte[] whole = Packing.GZIP.pack(binaryBody());
        for (byte[] broken : List.of(new byte[0], HEAD, Arrays.copyOf(whole, whole.length / 2))) {
            Answer answer = gateway.post(INFER, broken, "Content-Encoding", "gzip");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().at("/error").asString()).startsWith("body: cannot be unpacked (expected: gzip");
        }
        Answer other = gateway.post(INFER, binaryBody(), "Content-Encoding", "br");
        assertThat(other.status()).isEqualTo(415);
        assertThat(other.json().at("/error").asString())
                .isEqualTo("content-encoding: br (expected: gzip, deflate or none)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            smollm  | {}                    | 404 | model_not_found  | model_name: smollm (expected: one of nanodet)
            nanodet | []                    | 400 | invalid_argument | body: an array (expected: an object)
            nanodet | {'x':1}               | 400 | invalid_argument | x: unknown field
            nanodet | {'inputs':[{'name':'bad','shape':[2],'datatype':'INT8','data':[1,2]}]} | 400 | invalid_argument | inputs[bad].shape: [2] (expected: [3])
            nanodet | {'inputs':[{'name':'x','shape':[-2],'datatype':'INT8','data':[1]}]}    | 400 | invalid_argument | inputs[x].shape: [-2]
            """)
    void refusalsAreTheProtocolsErrors(String model, String body, int status, String code, String why) {
        Answer answer = gateway.post("/v2/models/" + model + "/infer", body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().at("/error").asString()).startsWith(why);
        assertThat(answer.json().at("/code").asString()).isEqualTo(code);
        assertThat(answer.json().at("/request_id").asString()).isEqualTo(answer.header("X-Request-Id"));
    }

    @Test
    void otherTypesMethodsAndPathsAreRefusedInTheSameForm() {
        assertThat(gateway.post(INFER, new byte[1], "Content-Type", "text/plain")
                        .status())
                .isEqualTo(415);
        assertThat(gateway.get(INFER).status()).isEqualTo(405);
        assertThat(gateway.post("/v2/repository/index", "{'ready':1}").status()).isEqualTo(400);
        Answer nothing = gateway.get("/v2/nothing");
        assertThat(nothing.status()).isEqualTo(404);
        assertThat(nothing.json().at("/error").asString()).isEqualTo("not found");
        Answer large = gateway.post(INFER, new byte[(32 << 20) + 1]);
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.json().at("/code").asString()).isEqualTo("payload_too_large");
    }

    @Test
    void aRefusalOfTheServicePassesAsItIs() {
        ModelInferRequest request = ModelInferRequest.newBuilder()
                .setModelName("nanodet")
                .addInputs(InferInputTensor.newBuilder().setName("bad"))
                .build();
        assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> grpc.modelInfer(request))
                        .getStatus()
                        .getDescription())
                .startsWith("inputs[bad].shape");
    }

    private static ModelMetadataRequest metadata(String name) {
        return ModelMetadataRequest.newBuilder().setName(name).build();
    }
}
