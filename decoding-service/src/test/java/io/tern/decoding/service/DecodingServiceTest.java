package io.tern.decoding.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.UnknownFieldSet;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.tern.decoding.model.SmolLm;
import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.decoding.v1.DecodingServiceGrpc.DecodingServiceBlockingStub;
import io.tern.decoding.v1.DetokenizeRequest;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.Message;
import io.tern.decoding.v1.Speculation;
import io.tern.decoding.v1.Token;
import io.tern.decoding.v1.TokenizeRequest;
import io.tern.decoding.v1.TokenizeResponse;
import io.tern.model.v1.ListModelsRequest;
import io.tern.model.v1.Model;
import io.tern.model.v1.ModelServiceGrpc;
import io.tern.serving.Admission;
import io.tern.serving.ServiceApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The application as it is started in production, with the real model, asked over gRPC. */
@Timeout(120)
@ExtendWith(SmolLm.Provider.class)
class DecodingServiceTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root"));
    // Not a temporary folder, so that the model is converted once and not for each run.
    private static final Path DATA = Path.of("target/service-data");

    private static ConfigurableApplicationContext application;
    private static ManagedChannel channel;

    @BeforeAll
    static void start(SmolLm smolLm) throws IOException {
        application = ServiceApplication.run(
                DecodingApplication.class,
                "decoding",
                "--spring.grpc.server.port=0",
                "--tern.catalogue=" + ROOT.resolve("models/catalogue.json"),
                "--tern.models-directory=" + modelsWith(smolLm.gguf()),
                "--tern.data-directory=" + DATA,
                "--tern.device=cpu",
                // as the tests' own runtime in this process
                "--tern.threads=" + SmolLm.THREADS);
        int port = application.getEnvironment().getRequiredProperty("local.grpc.server.port", Integer.class);
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private static Path modelsWith(Path gguf) throws IOException {
        Path file = DATA.resolve("models/smollm2-135m-instruct").resolve(gguf.getFileName());
        Files.createDirectories(file.getParent());
        if (!Files.exists(file)) {
            Files.copy(gguf, file);
        }
        return DATA.resolve("models");
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        application.close();
    }

    @Test
    void listsTheModelWithWhatItCanDo() {
        Model model = ModelServiceGrpc.newBlockingStub(channel)
                .listModels(ListModelsRequest.getDefaultInstance())
                .getModels(0);
        assertThat(model.getId()).isEqualTo("smollm2-135m-instruct");
        assertThat(model.getCapabilitiesList()).containsExactly("chat", "completion");
        assertThat(model.getPrecision()).isEqualTo("int4");
        assertThat(model.getContextLength()).isEqualTo(8192);
        assertThat(model.getDefault()).isTrue();
    }

    @Test
    void answersAndSaysHowItSpeculated() {
        GenerateRequest request = chat("Rewrite this text in capital letters: The tern flies fast. The tern sees far.")
                .setMaxTokens(40)
                .setTemperature(0)
                .build();
        List<GenerateResponse> plain = all(with(request, "none"));
        List<GenerateResponse> drafted = all(with(request, "ngram"));
        assertThat(text(drafted)).isEqualTo(text(plain)).isNotBlank();
        assertThat(drafted.getLast().getFinished().getSpeculation().getAcceptedTokens())
                .isPositive();
        assertThat(plain.getLast().getFinished().getSpeculation().getDraftedTokens())
                .isZero();
        assertThat(drafted).hasSizeLessThan(plain.size());
    }

    @Test
    void readsPromptsAsTheReferenceDoes() {
        JsonNode prompt = JsonMapper.shared()
                .readTree(ROOT.resolve("models/golden/decoding/greedy.json"))
                .get("prompts")
                .get(0);
        List<Integer> expected =
                prompt.get("prompt_ids").valueStream().map(JsonNode::asInt).toList();
        DecodingServiceBlockingStub stub = stub();
        TokenizeResponse plain = stub.tokenize(TokenizeRequest.newBuilder()
                .setText(prompt.get("rendered").asString())
                .build());
        assertThat(plain.getTokenIdsList()).isEqualTo(expected);
        TokenizeResponse chat = stub.tokenize(TokenizeRequest.newBuilder()
                .addMessages(user(prompt.get("user").asString()))
                .build());
        assertThat(chat.getTokenIdsList()).isEqualTo(expected);
        assertThat(stub.detokenize(DetokenizeRequest.newBuilder()
                                .addAllTokenIds(expected)
                                .build())
                        .getText())
                .isEqualTo(prompt.get("rendered").asString());
    }

    @Test
    void scoresATextAsWellAsTheReferenceDoes() {
        // The first 120 tokens of a passage whose log probabilities under the exact weights are known.
        JsonNode golden = JsonMapper.shared().readTree(ROOT.resolve("models/golden/decoding/perplexity.json"));
        List<Integer> ids =
                golden.get("ids").valueStream().limit(120).map(JsonNode::asInt).toList();
        double expected = golden.get("nll")
                        .valueStream()
                        .limit(119)
                        .mapToDouble(JsonNode::asDouble)
                        .sum()
                / 119;
        GenerateRequest request = GenerateRequest.newBuilder()
                .addAllTokenIds(ids)
                .setMaxTokens(1)
                .setEcho(true)
                .setLogprobs(1)
                .build();
        List<Token> echoed = all(request).getFirst().getStarted().getPromptList();
        double nll = -echoed.stream().skip(1).mapToDouble(Token::getLogprob).sum() / 119;
        assertThat(nll).isCloseTo(expected, within(0.03));
    }

    @Test
    void writesTheSameAloneAndInCompany() throws Exception {
        GenerateRequest request =
                chat("Give me one random word.").setMaxTokens(24).setSeed(21).build();
        String alone = text(all(with(request, "none")));
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                GenerateRequest other = with(request, i % 2 == 0 ? "ngram" : "none").toBuilder()
                        .setSeed(i < 3 ? 21 : 100 + i)
                        .build();
                calls.add(() -> text(all(other)));
            }
            List<Future<String>> answers = clients.invokeAll(calls);
            assertThat(List.of(
                            answers.get(0).get(),
                            answers.get(1).get(),
                            answers.get(2).get()))
                    .containsOnly(alone);
        }
    }

    @Test
    void endsAtItsDeadline() {
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> stub().withDeadlineAfter(400, TimeUnit.MILLISECONDS)
                        .generate(chat("Tell a long story.")
                                .setMaxTokens(2000)
                                .setIgnoreEos(true)
                                .build())
                        .forEachRemaining(_ -> {}));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        Admission admission = application.getBean(Admission.class);
        while (admission.running() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void refusesAFieldThatItDoesNotKnow() {
        GenerateRequest request = chat("Hi")
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();
        assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> all(request))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    private static List<GenerateResponse> all(GenerateRequest request) {
        List<GenerateResponse> events = new ArrayList<>();
        stub().generate(request).forEachRemaining(events::add);
        return events;
    }

    private static DecodingServiceBlockingStub stub() {
        return DecodingServiceGrpc.newBlockingStub(channel);
    }

    private static String text(List<GenerateResponse> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.getStep().getText())
                .append(event.getFinished().getText()));
        return text.toString();
    }

    private static GenerateRequest.Builder chat(String text) {
        return GenerateRequest.newBuilder().addMessages(user(text));
    }

    private static Message user(String text) {
        return Message.newBuilder().setRole("user").setContent(text).build();
    }

    private static GenerateRequest with(GenerateRequest request, String drafter) {
        return request.toBuilder()
                .setSpeculation(Speculation.newBuilder().setDrafter(drafter))
                .build();
    }
}
