package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.tern.base.Sha256;
import io.tern.gateway.TestGateway.Answer;
import io.tern.gateway.passthrough.PassThroughCalls;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerationServiceGrpc;
import io.tern.inference.v2.GRPCInferenceServiceGrpc;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ServerLiveRequest;
import io.tern.inference.v2.ServerMetadataRequest;
import io.tern.jobs.v1.GetJobRequest;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.JobServiceGrpc;
import io.tern.jobs.v1.SubmitRequest;
import io.tern.model.v1.ListModelsRequest;
import io.tern.model.v1.ModelServiceGrpc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that asks for keys, over both doors. */
class KeysTest {
    private static final String KEY = "tern-of-a-painter";
    private static final String BEARER = "Bearer " + KEY;
    private static final String OTHER = "Bearer tern-of-another";
    private static final String SELDOM = "tern-that-calls-seldom";

    @TempDir
    private static Path data;

    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        Files.write(
                data.resolve("keys"),
                List.of(
                        "# who may call",
                        "painter " + Sha256.of(KEY) + " steps=30 pixels=4096 pictures=2",
                        "another " + Sha256.of("tern-of-another"),
                        "seldom " + Sha256.of(SELDOM) + " requests-per-minute=3"));
        gateway = new TestGateway("--tern.data-directory=" + data);
    }

    @AfterAll
    static void stop() {
        gateway.context.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models",
                "/v1/jobs",
                "/sdapi/v1/samplers",
                "/upstreams/local/v1/models",
                "/v2",
                "/v2/models/emoji"
            })
    void withoutAKeyNothingIsTold(String path) {
        for (Answer answer : List.of(
                gateway.get(path),
                gateway.get(path, "Authorization", "Bearer wrong"),
                gateway.get(path, "Authorization", KEY),
                gateway.get(path, "Authorization", "Basic !"))) {
            assertThat(answer.status()).as(path).isEqualTo(401);
            assertThat(answer.text()).contains("unauthenticated").doesNotContain("wrong");
        }
        assertThat(gateway.get(path, "Authorization", BEARER).status()).as(path).isEqualTo(200);
    }

    /** Routes are matched decoded and without parameters, and so must be what is guarded. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%761/jobs",
                "/v1;x/jobs",
                "/v%31/models",
                "/%73dapi/v1/samplers",
                "/sdapi;a=b/v1/progress",
                "/upstreams;x/local/v1/models",
                "/%75pstreams/local/v1/models",
                "/v1/images/files/../../jobs",
                "/%762/models/emoji",
                "/v2;x/models/emoji",
                "/v2/health/../models/emoji"
            })
    void anotherSpellingOfAPathTellsNothingEither(String path) {
        Answer answer = gateway.get(path);
        assertThat(answer.status()).as(path).isIn(400, 401, 404);
        assertThat(answer.text()).doesNotContain("data");
    }

    @Test
    void anImageClientsPasswordIsAKey() {
        String pair = Base64.getEncoder().encodeToString(("user:" + KEY).getBytes(StandardCharsets.UTF_8));
        assertThat(gateway.get("/sdapi/v1/samplers", "Authorization", "Basic " + pair)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tokenize", "/detokenize", "/%74okenize", "/tokenize;x"})
    void tokensAreNotForEverybody(String path) {
        String body = "{'prompt':'a'}";
        assertThat(gateway.post(path, body).status()).as(path).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health",
                "/health/live",
                "/openapi.json",
                "/v2/health/live",
                "/v2/health/ready",
                "/v1/images/files/none?expires=1&signature=0"
            })
    void someThingsAreForEverybody(String path) {
        assertThat(gateway.get(path).status()).as(path).isNotEqualTo(401);
    }

    /** It is no business of theirs. */
    @Test
    void theKeyStaysHere() {
        Answer ours = gateway.get("/upstreams/local/v1/models", "Authorization", BEARER);
        assertThat(ours.header("Saw-Authorization")).isEmpty();
        Answer theirs = TestGateway.shared().get("/upstreams/local/v1/models", "Authorization", BEARER);
        assertThat(theirs.header("Saw-Authorization")).isEqualTo("yes"); // where no key of ours is asked for
    }

    @Test
    void picturesBeyondTheLimitsAreRefusedBeforeTheyAreDrawn() {
        refused("/v1/images/generations", "{'prompt':'x','steps':31}", "steps: 31 (expected: at most 30 for this key)");
        refused("/v1/images/generations", "{'prompt':'x','n':3}", "n: 3 (expected: at most 2 for this key)");
        refused("/v1/images/generations", "{'prompt':'x','size':'128x64'}", "at most 4096 for this key");
        refused("/sdapi/v1/txt2img", "{'prompt':'x','steps':20,'width':128}", "at most 4096 for this key");
        refused("/sdapi/v1/txt2img", "{'prompt':'x','steps':31}", "steps: 31");
        refused("/v1/jobs", "{'type':'generation','request':{'prompt':'x','steps':31}}", "steps: 31");
        String fits = "{'prompt':'x','steps':30,'n':2,'size':'64x64'}";
        assertThat(gateway.post("/v1/images/generations", fits, "Authorization", BEARER)
                        .status())
                .isEqualTo(200);
    }

    private static void refused(String path, String body, String why) {
        Answer answer = gateway.post(path, body, "Authorization", BEARER);
        assertThat(answer.status()).as(body).isEqualTo(400);
        assertThat(answer.text()).contains(why);
    }

    @Test
    void jobsAreTheirSubmittersOwn() {
        String body = "{'type':'generation','request':{'prompt':'x'}}";
        Answer mine = gateway.post("/v1/jobs", body, "Authorization", BEARER, "Idempotency-Key", "first");
        Answer theirs = gateway.post("/v1/jobs", body, "Authorization", OTHER, "Idempotency-Key", "first");
        String id = mine.json().at("/id").asString();
        assertThat(theirs.json().at("/id").asString()).isNotEqualTo(id);
        assertThat(gateway.get("/v1/jobs/" + id, "Authorization", BEARER).status())
                .isEqualTo(200);
        for (String path : List.of("", "/events", "/result")) {
            Answer answer = gateway.get("/v1/jobs/" + id + path, "Authorization", OTHER);
            assertThat(answer.status()).as(path).isEqualTo(404);
        }
        assertThat(gateway.post("/v1/jobs/" + id + "/cancel", "", "Authorization", OTHER)
                        .status())
                .isEqualTo(404);
        assertThat(gateway.get("/v1/jobs", "Authorization", OTHER).text()).doesNotContain(id);
        assertThat(gateway.get("/v1/jobs", "Authorization", BEARER).text()).contains(id);
        Metadata other = new Metadata();
        other.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), OTHER);
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> JobServiceGrpc.newBlockingStub(gateway.channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(other))
                        .get(GetJobRequest.newBuilder().setId(id).build()));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void whoCallsTooOftenIsToldToWait() {
        String bearer = "Bearer " + SELDOM;
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.get("/v1/models", "Authorization", bearer).status())
                    .isEqualTo(200);
        }
        Answer fourth = gateway.get("/v1/models", "Authorization", bearer);
        assertThat(fourth.status()).isEqualTo(429);
        assertThat(fourth.header("Retry-After")).isNotEmpty();
        assertThat(fourth.text()).contains("more than 3 a minute");
        assertThat(gateway.get("/v1/models", "Authorization", BEARER).status()).isEqualTo(200);
    }

    @Test
    void grpcAsksForTheSameKey() {
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ModelServiceGrpc.newBlockingStub(gateway.channel)
                        .listModels(ListModelsRequest.getDefaultInstance()));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(StatusProto.fromThrowable(error).getDetailsList()).anyMatch(detail -> detail.is(ErrorInfo.class));
        assertThat(ModelServiceGrpc.newBlockingStub(gateway.channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer()))
                        .listModels(ListModelsRequest.getDefaultInstance())
                        .getModelsCount())
                .isPositive();
        HealthGrpc.newBlockingStub(gateway.channel).check(HealthCheckRequest.getDefaultInstance());
        var inference = GRPCInferenceServiceGrpc.newBlockingStub(gateway.channel);
        assertThat(inference.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        for (Runnable asking : List.<Runnable>of(
                () -> inference.serverMetadata(ServerMetadataRequest.getDefaultInstance()),
                () -> inference.modelInfer(ModelInferRequest.getDefaultInstance()))) {
            assertThat(catchThrowableOfType(StatusRuntimeException.class, asking::run)
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void grpcHasTheSameLimits() throws InterruptedException {
        GenerateRequest long31 =
                GenerateRequest.newBuilder().setPrompt("x").setSteps(31).build();
        var drawing = GenerationServiceGrpc.newBlockingStub(gateway.channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer()));
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class, () -> drawing.generate(long31).hasNext());
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(error.getStatus().getDescription()).contains("steps: 31");
        assertThat(drawing.generate(long31.toBuilder().setSteps(30).build()).hasNext())
                .isTrue();
        StatusRuntimeException job = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> JobServiceGrpc.newBlockingStub(gateway.channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer()))
                        .submit(SubmitRequest.newBuilder()
                                .setRequest(JobRequest.newBuilder().setGeneration(long31))
                                .build()));
        assertThat(job.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        PassThroughCalls live = gateway.context.getBean(PassThroughCalls.class);
        for (int i = 0; live.count() > 0 && i < 500; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(live.count()).isZero();
    }

    private static Metadata bearer() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), BEARER);
        return headers;
    }
}
