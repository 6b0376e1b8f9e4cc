package io.tern.decoding.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelFile;
import io.tern.catalogue.SamplingAdvice;
import io.tern.catalogue.Source;
import io.tern.decoding.FakeLanguageModel;
import io.tern.decoding.FakeTokenizer;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.model.StepOutput;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.tree.TokenTree;
import io.tern.decoding.v1.Choice;
import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.decoding.v1.DecodingServiceGrpc.DecodingServiceBlockingStub;
import io.tern.decoding.v1.DetokenizeRequest;
import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.Message;
import io.tern.decoding.v1.Speculation;
import io.tern.decoding.v1.Token;
import io.tern.decoding.v1.TokenizeRequest;
import io.tern.decoding.v1.TokenizeResponse;
import io.tern.jobs.JobOutput;
import io.tern.jobs.JobProgress;
import io.tern.jobs.v1.JobRequest;
import io.tern.serving.Admission;
import io.tern.serving.LoadedModels;
import io.tern.serving.ServedModels;
import io.tern.text.chat.ChatTemplate;
import io.tern.wire.StrictJson;
import io.tern.wire.text.ChatJson;
import io.tern.wire.text.CompletionsJson;
import io.tern.wire.text.TextAnswer;
import io.tern.wire.text.TextRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The service with a model that is no network. */
@Timeout(30)
class DecodingGrpcServiceTest {
    private static final int CONTEXT = 300;
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    private final GatedModel model = new GatedModel(new FakeLanguageModel(16, CONTEXT, List.of(15), 3));
    private final LanguageModels models = models(model);
    private final Admission admission = new Admission(1, 1);
    private final Server server = start(new DecodingGrpcService(models, admission));
    private final ManagedChannel channel =
            InProcessChannelBuilder.forName(toString()).build();
    private final DecodingServiceBlockingStub stub = DecodingServiceGrpc.newBlockingStub(channel);

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void streamsAStepForEachForwardAndFinishes() {
        List<GenerateResponse> events = all(prompt("abcabcabc")
                .setMaxTokens(40)
                .setTemperature(0)
                .setIgnoreEos(true)
                .setSpeculation(Speculation.newBuilder().setDrafter("ngram").setMaxDraft(4))
                .build());
        assertThat(events.getFirst().getStarted().getModel()).isEqualTo("fake");
        assertThat(events.getFirst().getStarted().getPromptTokens()).isEqualTo(9);
        assertThat(events.getFirst().getStarted().getPromptCount()).isZero();
        Finished finished = events.getLast().getFinished();
        assertThat(finished.getFinishReason()).isEqualTo("length");
        assertThat(finished.getCompletionTokens())
                .isEqualTo(40)
                .isEqualTo(tokens(events).size());
        assertThat(finished.getSpeculation().getDrafter()).isEqualTo("ngram");
        assertThat(finished.getSpeculation().getSteps()).isEqualTo(events.size() - 2);
        int accepted =
                events.stream().mapToInt(event -> event.getStep().getAccepted()).sum();
        assertThat(finished.getSpeculation().getAcceptedTokens())
                .isEqualTo(accepted)
                .isPositive();
        assertThat(finished.getSpeculation().getMeanAcceptanceLength())
                .isCloseTo(1 + (double) accepted / (events.size() - 2), within(1e-9));
        assertThat(finished.getSpeculation().getAcceptedPerPositionCount()).isEqualTo(4);
        assertThat(tokens(events).stream().filter(Token::getDrafted)).hasSize(accepted);
        assertThat(finished.getTotalSeconds()).isGreaterThanOrEqualTo(finished.getFirstTokenSeconds());
    }

    @Test
    void writesTheSameForTheSameSeedWhateverDrafts() {
        GenerateRequest seeded =
                prompt("abcd").setMaxTokens(30).setSeed(7).setIgnoreEos(true).build();
        String text = text(all(seeded));
        for (String drafter : List.of("", "none", "ngram", "auto")) {
            GenerateRequest drafted = seeded.toBuilder()
                    .setSpeculation(Speculation.newBuilder().setDrafter(drafter))
                    .build();
            assertThat(text(all(drafted))).isEqualTo(text);
        }
        assertThat(text(all(seeded.toBuilder().setSeed(8).build()))).isNotEqualTo(text);
    }

    @Test
    void drawsASeedWhereNoneIsGiven() {
        GenerateRequest request =
                prompt("abcd").setMaxTokens(30).setIgnoreEos(true).build();
        assertThat(IntStream.range(0, 10)
                        .mapToObj(_ -> text(all(request)))
                        .distinct()
                        .count())
                .isGreaterThan(1);
    }

    @Test
    void echoesThePromptWithLogProbabilities() {
        List<GenerateResponse> events = all(prompt("abc")
                .setMaxTokens(2)
                .setLogprobs(2)
                .setEcho(true)
                .setIgnoreEos(true)
                .build());
        List<Token> echoed = events.getFirst().getStarted().getPromptList();
        assertThat(echoed).extracting(Token::getText).containsExactly("a", "b", "c");
        assertThat(echoed.getFirst().hasLogprob()).isFalse();
        assertThat(echoed.subList(1, 3)).allSatisfy(token -> {
            assertThat(token.getLogprob()).isNegative();
            assertThat(token.getTopCount()).isEqualTo(2);
        });
        assertThat(tokens(events))
                .allSatisfy(token -> assertThat(token.getTopCount()).isEqualTo(2));
        assertThat(tokens(all(prompt("abc").setMaxTokens(2).build()))).noneMatch(Token::hasLogprob);
    }

    /** As perplexity over windows asks for it: no token needs a place behind the prompt. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPromptAloneMayBeAsLongAsTheContext(boolean scored) {
        GenerateRequest.Builder request =
                prompt("ab".repeat(CONTEXT / 2)).setMaxTokens(0).setEcho(true);
        if (scored) {
            request.setLogprobs(0);
        }
        List<GenerateResponse> events = all(request.build());
        List<Token> echoed = events.getFirst().getStarted().getPromptList();
        assertThat(echoed).hasSize(CONTEXT);
        assertThat(echoed.subList(1, CONTEXT)).allMatch(token -> token.hasLogprob() == scored);
        assertThat(events.getLast().getFinished().getFinishReason()).isEqualTo("length");
        GenerateRequest longer = request.setPrompt("a".repeat(CONTEXT + 1)).build();
        assertRefused("prompt", () -> all(longer));
        for (int most : new int[] {-1, CONTEXT}) {
            GenerateRequest cut =
                    longer.toBuilder().setTruncatePromptTokens(most).build();
            assertThat(all(cut).getFirst().getStarted().getPromptTokens()).isEqualTo(CONTEXT);
        }
    }

    @Test
    void writesAsMuchAsTheContextLeavesWhereNothingIsAsked() {
        List<GenerateResponse> events = all(prompt("abc").setIgnoreEos(true).build());
        assertThat(events.getLast().getFinished().getCompletionTokens()).isEqualTo(CONTEXT - 3);
    }

    @Test
    void rendersMessagesByTheTemplate() {
        TokenizeResponse ids = stub.tokenize(
                TokenizeRequest.newBuilder().addMessages(message("user", "ab")).build());
        assertThat(String.join("", ids.getTokensList())).isEqualTo("a ab\nb ");
        List<GenerateResponse> events = all(GenerateRequest.newBuilder()
                .addMessages(message("user", "ab"))
                .setMaxTokens(1)
                .setEcho(true)
                .build());
        assertThat(events.getFirst().getStarted().getPromptList())
                .extracting(Token::getId)
                .isEqualTo(ids.getTokenIdsList());
    }

    @Test
    void tokenizesAndDetokenizes() {
        TokenizeResponse ids =
                stub.tokenize(TokenizeRequest.newBuilder().setText("abé").build());
        assertThat(ids.getTokenIdsList()).containsExactly(0, 1, 10);
        assertThat(ids.getTokensList()).containsExactly("a", "b", "é");
        assertThat(ids.getContextLength()).isEqualTo(CONTEXT);
        assertThat(stub.detokenize(DetokenizeRequest.newBuilder()
                                .addAllTokenIds(ids.getTokenIdsList())
                                .build())
                        .getText())
                .isEqualTo("abé");
        assertThat(stub.tokenize(TokenizeRequest.getDefaultInstance()).getTokenIdsCount())
                .isZero();
        assertRefused(
                "token_ids",
                () -> stub.detokenize(
                        DetokenizeRequest.newBuilder().addTokenIds(16).build()));
        assertRefused(
                "text",
                () -> stub.tokenize(TokenizeRequest.newBuilder()
                        .setText("a")
                        .addMessages(message("user", "a"))
                        .build()));
    }

    static Stream<Arguments> wrongRequests() {
        return Stream.of(
                wrong("prompt", request -> request.clearPrompt()),
                wrong("prompt", request -> request.addTokenIds(1)),
                wrong("prompt", request -> request.addMessages(message("user", "a"))),
                wrong("prompt", request -> request.setPrompt("a".repeat(CONTEXT))),
                wrong("prompt", request -> request.setPrompt("a".repeat(1 << 20))),
                wrong("messages", request -> request.clearPrompt().addMessages(message("user", "a".repeat(1 << 20)))),
                wrong(
                        "messages",
                        request ->
                                request.clearPrompt().addAllMessages(Collections.nCopies(5000, message("user", "")))),
                wrong("messages.role", request -> request.clearPrompt().addMessages(message("root", "a"))),
                wrong("token_ids", request -> request.clearPrompt().addTokenIds(16)),
                wrong("token_ids", request -> request.clearPrompt().addTokenIds(-1)),
                wrong("token_ids", request -> request.clearPrompt().addAllTokenIds(Collections.nCopies(CONTEXT, 1))),
                wrong("max_tokens", request -> request.setMaxTokens(0)),
                wrong("max_tokens", request -> request.setMaxTokens(CONTEXT)),
                wrong("max_tokens", request -> request.setMaxTokens(Integer.MAX_VALUE)),
                wrong("temperature", request -> request.setTemperature(-1)),
                wrong("temperature", request -> request.setTemperature(Double.NaN)),
                wrong("top_p", request -> request.setTopP(0)),
                wrong("top_k", request -> request.setTopK(17)),
                wrong("min_p", request -> request.setMinP(1.1)),
                wrong("repetition_penalty", request -> request.setRepetitionPenalty(0)),
                wrong("presence_penalty", request -> request.setPresencePenalty(2.5)),
                wrong("frequency_penalty", request -> request.setFrequencyPenalty(-2.5)),
                wrong("seed", request -> request.setSeed(-1)),
                wrong("stop", request -> request.addAllStop(Collections.nCopies(17, "x"))),
                wrong("stop", request -> request.addStop("")),
                wrong("stop", request -> request.addStop("x".repeat(257))),
                wrong(
                        "speculation.drafter",
                        request ->
                                request.setSpeculation(Speculation.newBuilder().setDrafter("crystal"))),
                wrong(
                        "speculation.max_draft",
                        request ->
                                request.setSpeculation(Speculation.newBuilder().setMaxDraft(0))),
                wrong(
                        "speculation.max_draft",
                        request ->
                                request.setSpeculation(Speculation.newBuilder().setMaxDraft(17))),
                wrong("logprobs", request -> request.setLogprobs(21)),
                wrong("logprobs", request -> request.setLogprobs(-1)),
                wrong("logit_bias", request -> request.putLogitBias(16, 1)),
                wrong("logit_bias", request -> request.putLogitBias(1, 101)),
                wrong("stop_token_ids", request -> request.addStopTokenIds(16)),
                wrong("stop_token_ids", request -> request.addAllStopTokenIds(List.of(-1))),
                wrong("min_tokens", request -> request.setMinTokens(-1)),
                wrong("min_tokens", request -> request.setMaxTokens(3).setMinTokens(4)),
                wrong("min_tokens", request -> request.setMinTokens(CONTEXT)),
                wrong("allowed_token_ids", request -> request.addAllowedTokenIds(16)),
                wrong("allowed_token_ids", request -> request.addAllowedTokenIds(-1)),
                wrong(
                        "allowed_token_ids",
                        request -> request.addAllowedTokenIds(15).setMinTokens(1)),
                wrong("bad_words", request -> request.addBadWords("")),
                wrong("bad_words", request -> request.addBadWords(" \n")),
                wrong("bad_words", request -> request.addBadWords("a".repeat(257))),
                wrong("bad_words", request -> request.addAllBadWords(Collections.nCopies(1025, "a"))),
                wrong("truncate_prompt_tokens", request -> request.setTruncatePromptTokens(0)),
                wrong("truncate_prompt_tokens", request -> request.setTruncatePromptTokens(-2)),
                wrong("truncate_prompt_tokens", request -> request.setTruncatePromptTokens(CONTEXT)),
                wrong(
                        "truncate_prompt_tokens",
                        request -> request.setMaxTokens(290).setTruncatePromptTokens(11)),
                wrong("max_tokens", request -> request.setMaxTokens(CONTEXT).setTruncatePromptTokens(-1)),
                wrong("prompt_logprobs", request -> request.setPromptLogprobs(21)),
                wrong("prompt_logprobs", request -> request.setPromptLogprobs(-1)),
                wrong("chat_template_kwargs", request -> request.setChatTemplateKwargs("{\"a\": 1}")),
                wrong("documents", request -> request.addDocuments("{}")),
                wrong("add_generation_prompt", request -> request.setAddGenerationPrompt(false)),
                wrongChat("chat_template_kwargs", request -> request.setChatTemplateKwargs("[]")),
                wrongChat("chat_template_kwargs", request -> request.setChatTemplateKwargs("{")),
                wrongChat("chat_template_kwargs", request -> request.setChatTemplateKwargs("{\"messages\": []}")),
                wrongChat("chat_template_kwargs", request -> request.setChatTemplateKwargs("{\"range\": 1}")),
                wrongChat("chat_template_kwargs", request -> request.setChatTemplateKwargs("{\"tokenize\": true}")),
                wrongChat(
                        "messages",
                        request -> request.setChatTemplateKwargs("{\"a\": \"" + "x".repeat(1 << 20) + "\"}")),
                wrongChat("documents", request -> request.addDocuments("{\"text\": \"a\"}")),
                wrongChat(
                        "add_generation_prompt",
                        request -> request.setAddGenerationPrompt(false).setAnswerPrefix("a")),
                wrong("ignore_eos", request -> request.setRegex("a").setIgnoreEos(true)),
                wrong("answer_prefix", request -> request.setAnswerPrefix("a")),
                wrong("regex", request -> request.setRegex("(a")),
                wrong("regex", request -> request.setRegex("z")), // which no token writes
                wrong("choice", request -> request.setChoice(Choice.getDefaultInstance())),
                wrong("json_schema", request -> request.setJsonSchema("{")),
                wrong("json_schema.not", request -> request.setJsonSchema("{\"not\": {}}")));
    }

    private static Arguments wrongChat(String field, UnaryOperator<GenerateRequest.Builder> change) {
        return wrong(field, request -> change.apply(request.clearPrompt().addMessages(message("user", "a"))));
    }

    private static Arguments wrong(String field, UnaryOperator<GenerateRequest.Builder> change) {
        return Arguments.of(field, change.apply(prompt("abc")).build());
    }

    @ParameterizedTest
    @MethodSource("wrongRequests")
    void refusesAWrongFieldByNameBeforeAnyComputing(String field, GenerateRequest request) {
        assertRefused(field, () -> all(request));
        assertThat(model.forwards()).isZero();
    }

    /** Each way of asking for the likeliest finds enough of them. */
    @ParameterizedTest
    @CsvSource({"true,3,1,3", "true,1,3,3", "true,2,,2", "false,3,1,1", "false,3,,0"})
    void anEchoIsScoredAsBothWaysOfAskingWant(boolean echo, int logprobs, @Nullable Integer ofPrompt, int told) {
        GenerateRequest.Builder request =
                prompt("abc").setEcho(echo).setLogprobs(logprobs).setMaxTokens(1);
        if (ofPrompt != null) {
            request.setPromptLogprobs(ofPrompt);
        }
        List<Token> tokens = all(request.build()).getFirst().getStarted().getPromptList();
        assertThat(tokens.size() < 2 ? 0 : tokens.get(1).getTopCount()).isEqualTo(told);
    }

    @Test
    void readsTheEndOfAPromptThatIsCut() {
        GenerateRequest request = prompt("abcd")
                .setEcho(true)
                .setMaxTokens(1)
                .setTruncatePromptTokens(3)
                .build();
        assertThat(tokensText(all(request).getFirst().getStarted().getPromptList()))
                .isEqualTo("bcd");
        GenerateRequest most = prompt("a".repeat(CONTEXT) + "b")
                .setMaxTokens(100)
                .setTruncatePromptTokens(-1)
                .build();
        assertThat(all(most).getFirst().getStarted().getPromptTokens()).isEqualTo(CONTEXT - 100);
        GenerateRequest free = most.toBuilder().clearMaxTokens().build();
        assertThat(all(free).getFirst().getStarted().getPromptTokens()).isEqualTo(CONTEXT - CONTEXT / 2);
    }

    @Test
    void bansWordsAsATextBeginsWithThemAndBehindASpace() {
        FakeTokenizer tokenizer = FakeTokenizer.small();
        assertThat(BadWords.tokens(List.of("ab", " ab", "ab"), tokenizer))
                .containsExactly(List.of(0, 1), List.of(0, 1));
        GenerateRequest request =
                prompt("abc").setMaxTokens(30).setTemperature(0).build();
        for (String letter : List.of("a", "b", "c", "d")) {
            List<GenerateResponse> without =
                    all(request.toBuilder().addBadWords(letter).build());
            assertThat(tokens(without).stream().map(Token::getText))
                    .isNotEmpty()
                    .doesNotContain(letter);
        }
    }

    @Test
    void showsControlTokensAndTheEndIfTheyShallBe() {
        GenerateRequest request = prompt("abc")
                .setMaxTokens(3)
                .addAllowedTokenIds(15)
                .setSkipSpecialTokens(false)
                .build();
        assertThat(text(all(request))).isEmpty();
        assertThat(text(all(request.toBuilder().setIncludeStopStrInOutput(true).build())))
                .isEqualTo("<end>");
        assertThat(text(all(request.toBuilder().setIgnoreEos(true).build()))).isEqualTo("<end><end><end>");
        List<GenerateResponse> stopped =
                all(request.toBuilder().setIgnoreEos(true).addStopTokenIds(15).build());
        assertThat(stopped.getLast().getFinished().getStopTokenId()).isEqualTo(15);
        assertThat(all(request).getLast().getFinished().hasStopTokenId()).isFalse();
    }

    @Test
    void leavesTheTurnToTheModelWhereItIsNotOpened() {
        GenerateRequest request = GenerateRequest.newBuilder()
                .addMessages(message("user", "d"))
                .setChatTemplateKwargs("{\"unread\": true}")
                .setEcho(true)
                .setMaxTokens(1)
                .build();
        assertThat(tokensText(all(request).getFirst().getStarted().getPromptList()))
                .isEqualTo("a d\nb ");
        GenerateRequest closed =
                request.toBuilder().setAddGenerationPrompt(false).build();
        assertThat(tokensText(all(closed).getFirst().getStarted().getPromptList()))
                .isEqualTo("a d\n");
    }

    @Test
    void refusesMoreTokenIdsThanATextCanHave() {
        DetokenizeRequest most = DetokenizeRequest.newBuilder()
                .addAllTokenIds(Collections.nCopies(CONTEXT * 96, 1))
                .build();
        assertThat(stub.detokenize(most).getText()).hasSize(CONTEXT * 96);
        assertRefused(
                "token_ids",
                () -> stub.detokenize(most.toBuilder().addTokenIds(1).build()));
    }

    @Test
    void refusesATokenizerOfAnotherVocabulary() {
        FakeLanguageModel larger = new FakeLanguageModel(17, CONTEXT, List.of(), 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextModel(
                        larger,
                        FakeTokenizer.small(),
                        null,
                        SamplingAdvice.NONE,
                        Drafters.lookups().withAuto(larger)))
                .withMessage("tokenizer: 16 tokens (expected: 17, as the model has)");
    }

    @Test
    void writesWhatTheFormAsksFor() {
        for (int seed = 0; seed < 20; seed++) {
            GenerateRequest.Builder request =
                    prompt("a").setMaxTokens(40).setTemperature(1).setSeed(seed);
            assertThat(text(all(request.setRegex("(ab|cd)+é{2} a").build()))).matches("(ab|cd)+éé a");
            assertThat(text(all(request.setChoice(
                                    Choice.newBuilder().addTexts("abc").addTexts("da"))
                            .build())))
                    .isIn("abc", "da");
        }
    }

    @Test
    void saysWhichModelsThereAre() {
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> all(prompt("a").setModel("none").build()));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(error.getStatus().getDescription()).contains("fake");
    }

    @Test
    void aTextIsToldWithAndWithoutItsBeginning() {
        TextModel begun = new TextModel(
                model,
                FakeTokenizer.small().beginningWith(15),
                null,
                SamplingAdvice.NONE,
                Drafters.lookups().withAuto(model));
        TokenizeRequest.Builder ab = TokenizeRequest.newBuilder().setText("ab");
        assertThat(begun.tokenize(ab.build()).getTokenIdsList()).containsExactly(15, 0, 1);
        assertThat(begun.tokenize(ab.setWithoutBeginning(true).build()).getTokenIdsList())
                .containsExactly(0, 1);
    }

    @Test
    void refusesMessagesToAModelThatDoesNotChat() {
        TextModel plain = new TextModel(
                model,
                FakeTokenizer.small(),
                null,
                SamplingAdvice.NONE,
                Drafters.lookups().withAuto(model));
        assertThat(catchThrowableOfType(
                                io.tern.base.TernException.class,
                                () -> plain.resolve(GenerateRequest.newBuilder()
                                        .addMessages(message("user", "a"))
                                        .build()))
                        .field())
                .isEqualTo("messages");
    }

    @Test
    void samplesAsTheMakersAdviseWhereTheRequestIsSilent() {
        TextModel advised = new TextModel(
                model,
                FakeTokenizer.small(),
                null,
                new SamplingAdvice(0.2, 0.9),
                Drafters.lookups().withAuto(model));
        SamplingParameters silent = advised.resolve(prompt("a").build()).sampling();
        assertThat(silent.temperature()).isEqualTo(0.2);
        assertThat(silent.topP()).isEqualTo(0.9);
        SamplingParameters spoken =
                advised.resolve(prompt("a").setTemperature(1).build()).sampling();
        assertThat(spoken.temperature()).isEqualTo(1);
        assertThat(spoken.topP()).isEqualTo(1);
    }

    @Test
    void refusesWhatFitsNeitherTheRunningNorTheWaiting() throws Exception {
        model.close = true;
        GenerateRequest request =
                prompt("abc").setMaxTokens(3).setIgnoreEos(true).build();
        Iterator<GenerateResponse> running = stub.generate(request);
        model.entered.acquire();
        Iterator<GenerateResponse> waiting = stub.generate(request);
        while (admission.waiting() == 0) {
            Thread.onSpinWait();
        }
        StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, () -> all(request));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        model.close = false;
        model.gate.release(1000);
        assertThat(count(running)).isEqualTo(count(waiting)).isGreaterThan(2);
    }

    @Test
    void stopsWhenTheClientLeaves() throws Exception {
        Context.CancellableContext client = Context.current().withCancellation();
        Iterator<GenerateResponse> events =
                client.call(() -> stub.generate(prompt("abc").setIgnoreEos(true).build()));
        events.next();
        client.cancel(null);
        while (admission.running() > 0) {
            Thread.onSpinWait();
        }
        assertThat(model.openCaches()).isZero();
    }

    @Test
    void doesJobsWithTheJsonOfTheSynchronousRoutes() {
        List<String> told = new ArrayList<>();
        List<Double> fractions = new ArrayList<>();
        JobProgress progress = progress(fractions, told);
        GenerateRequest request = GenerateRequest.newBuilder()
                .addMessages(message("user", "ab"))
                .setMaxTokens(20)
                .setSeed(3)
                .setIgnoreEos(true)
                .build();
        JsonNode chat = json(job(request, progress));
        assertThat(chat.get("object").asString()).isEqualTo("chat.completion");
        assertThat(chat.at("/choices/0/message/content").asString())
                .isEqualTo(text(all(request)))
                .isEqualTo(String.join("", told));
        assertThat(chat.at("/usage/completion_tokens").asInt()).isEqualTo(20);
        assertThat(fractions).isSorted().endsWith(1.0);
        JsonNode completion = json(job(prompt("ab").setMaxTokens(2).build(), progress));
        assertThat(completion.get("object").asString()).isEqualTo("text_completion");
    }

    private static JobProgress progress(List<Double> fractions, List<String> told) {
        return new JobProgress() {
            @Override
            public void fraction(double done) {
                fractions.add(done);
            }

            @Override
            public void preview(byte[] png) {}

            @Override
            public void token(String text) {
                told.add(text);
            }
        };
    }

    /** But for ids and times. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages': [{'role': 'user', 'content': 'ab'}], 'n': 3, 'seed': 3, 'max_tokens': 9, 'temperature': 1, 'logprobs': true, 'top_logprobs': 2}",
                "{'messages': [{'role': 'user', 'content': 'ab'}], 'seed': 4, 'max_tokens': 30, 'return_token_ids': true}",
                "{'messages': [{'role': 'user', 'content': 'ab'}, {'role': 'assistant', 'content': 'a'}], 'seed': 4, 'max_tokens': 30}",
                "{'prompt': 'abcd', 'max_tokens': 0, 'echo': true, 'logprobs': 1}",
                "{'prompt': ['ab', [2, 3]], 'n': 2, 'seed': 5, 'max_tokens': 7, 'echo': true, 'logprobs': 1, 'temperature': 1}",
            })
    void aJobsAnswerIsThatOfTheSynchronousRoute(String body) {
        ObjectNode object = StrictJson.object(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        boolean chat = object.has("messages");
        TextRequest request = chat ? ChatJson.request(object) : CompletionsJson.request(object);
        List<TextAnswer> answers = new ArrayList<>();
        request.choices().forEach(choice -> {
            TextAnswer answer = new TextAnswer();
            all(choice).forEach(answer::add);
            answers.add(answer);
        });
        JsonNode expected = request.answer(answers);
        List<Double> fractions = new ArrayList<>();
        JsonNode found = json(handle(
                JobRequest.newBuilder().setTexts(request.job()).build(), progress(fractions, new ArrayList<>())));
        assertThat(fractions).isSorted();
        for (String part : List.of("object", "model", "choices", "usage")) {
            assertThat(found.get(part))
                    .as(part)
                    .isEqualTo(JsonMapper.shared().readTree(expected.get(part).toString()));
        }
        assertThat(found.get("choices")).hasSize(request.choices().size());
    }

    private JobOutput job(GenerateRequest request, JobProgress progress) {
        return handle(JobRequest.newBuilder().setDecoding(request).build(), progress);
    }

    private JobOutput handle(JobRequest job, JobProgress progress) {
        return new DecodingJobHandler(models).handle(job, Priority.BATCH, progress, Cancellation.none());
    }

    private static JsonNode json(JobOutput output) {
        assertThat(output.contentType()).isEqualTo("application/json");
        return JsonMapper.shared().readTree(output.bytes());
    }

    private static void assertRefused(String field, Runnable call) {
        StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        List<com.google.protobuf.Any> details = StatusProto.fromThrowable(error).getDetailsList();
        assertThat(unpack(details, ErrorInfo.class).getReason()).isEqualTo("invalid_argument");
        assertThat(unpack(details, BadRequest.class).getFieldViolations(0).getField())
                .isEqualTo(field);
    }

    private static <T extends com.google.protobuf.Message> T unpack(
            List<com.google.protobuf.Any> details, Class<T> type) {
        try {
            for (com.google.protobuf.Any detail : details) {
                if (detail.is(type)) {
                    return detail.unpack(type);
                }
            }
            throw new AssertionError("no " + type.getSimpleName());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private List<GenerateResponse> all(GenerateRequest request) {
        List<GenerateResponse> events = new ArrayList<>();
        stub.generate(request).forEachRemaining(events::add);
        return events;
    }

    private static int count(Iterator<?> events) {
        int count = 0;
        for (; events.hasNext(); events.next()) {
            count++;
        }
        return count;
    }

    private static List<Token> tokens(List<GenerateResponse> events) {
        return events.stream()
                .flatMap(event -> event.getStep().getTokensList().stream())
                .toList();
    }

    private static String text(List<GenerateResponse> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.getStep().getText())
                .append(event.getFinished().getText()));
        return text.toString();
    }

    private static String tokensText(List<Token> tokens) {
        return tokens.stream().map(Token::getText).collect(Collectors.joining());
    }

    private static GenerateRequest.Builder prompt(String text) {
        return GenerateRequest.newBuilder().setPrompt(text);
    }

    private static Message message(String role, String content) {
        return Message.newBuilder().setRole(role).setContent(content).build();
    }

    private static LanguageModels models(LanguageModel model) {
        LoadedModels<TextModel> models = new LoadedModels<>(new ServedModels(), _ -> {
            throw new AssertionError();
        });
        ModelEntry entry = new ModelEntry(
                "fake",
                "decoding",
                List.of("chat", "completion"),
                true,
                false,
                "Apache-2.0",
                "Made up.",
                SamplingAdvice.NONE,
                List.of(new ModelFile("fake.gguf", new Source.Shipped("fake.gguf"), "0".repeat(64), 1)));
        // Of letters that the tokenizer knows, for roles are none of them.
        ChatTemplate template = ChatTemplate.parse(
                "{% for m in messages %}{{ 'a ' if m.role == 'user' else 'c ' }}{{ m.content }}\n"
                        + "{% endfor %}{% if add_generation_prompt %}{{ 'b ' }}{% endif %}",
                Map.of());
        models.add(TextModelOpener.loaded(
                ServedModels.describe(entry),
                new TextModel(
                        model,
                        FakeTokenizer.small(),
                        template,
                        SamplingAdvice.NONE,
                        Drafters.lookups().withAuto(model))));
        return new LanguageModels(models, new TextMetrics(METERS));
    }

    private Server start(DecodingGrpcService service) {
        try {
            return InProcessServerBuilder.forName(toString())
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .addService(service)
                    .build()
                    .start();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A model whose forwards can be held up. */
    private static final class GatedModel implements LanguageModel {
        private final FakeLanguageModel model;
        private final Semaphore gate = new Semaphore(0);
        private final Semaphore entered = new Semaphore(0);
        private volatile boolean close;

        GatedModel(FakeLanguageModel model) {
            this.model = model;
        }

        int forwards() {
            return model.forwards();
        }

        int openCaches() {
            return model.openCaches();
        }

        @Override
        public ModelInfo info() {
            return new ModelInfo(
                    "fake", 16, 16, 8, CONTEXT, List.of(15), "fp32", "float32", "cpu", true, true, "0".repeat(64));
        }

        @Override
        public KvCache newCache(int capacityTokens) {
            return model.newCache(capacityTokens);
        }

        @Override
        public StepOutput forward(KvCache cache, TokenTree tokens, int rows, Cancellation cancellation) {
            if (close) {
                entered.release();
                gate.acquireUninterruptibly();
            }
            return model.forward(cache, tokens, rows, cancellation);
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
