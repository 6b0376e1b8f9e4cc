package io.tern.gateway;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.decoding.v1.DecodingServiceGrpc.DecodingServiceImplBase;
import io.tern.decoding.v1.DetokenizeRequest;
import io.tern.decoding.v1.DetokenizeResponse;
import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.SpeculationMetrics;
import io.tern.decoding.v1.Started;
import io.tern.decoding.v1.Step;
import io.tern.decoding.v1.Token;
import io.tern.decoding.v1.TokenizeRequest;
import io.tern.decoding.v1.TokenizeResponse;
import io.tern.serving.StatusMapping;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers by the first word of the prompt: {@code hang}, {@code step-hang}, {@code fail}, {@code step-fail},
 * {@code error-CODE}, {@code field-PATH}, {@code status-CODE}, {@code flood}, {@code inject}; else four words. Refuses
 * the token id -1. What follows the first word
 * names the call in {@link #marks}.
 */
final class FakeDecoding extends DecodingServiceImplBase {
    static final String INJECTION = "\n\ndata: [DONE]\n\nevent: x\r\rid: 1\u2028data: y\u0085";

    final Marks marks = new Marks();
    final AtomicLong flooded = new AtomicLong();

    @Override
    public void generate(GenerateRequest request, StreamObserver<GenerateResponse> observer) {
        var call = (ServerCallStreamObserver<GenerateResponse>) observer;
        String prompt = request.getMessagesCount() > 0
                ? request.getMessages(request.getMessagesCount() - 1).getContent()
                : request.getPrompt();
        String word = prompt.split(" ")[0];
        call.setOnCancelHandler(() -> marks.happened("cancelled " + prompt));
        marks.happened("request id " + FakeServices.SEEN_REQUEST_ID.get());
        marks.happened("key " + FakeServices.SEEN_KEY.get());
        marks.happened("priority " + FakeServices.SEEN_PRIORITY.get() + " of " + prompt);
        if (Context.current().getDeadline() != null) {
            marks.happened("deadline " + prompt);
        }
        marks.happened("begun " + prompt);
        if (word.startsWith("error-")) {
            TernException error =
                    new TernException(ErrorCode.valueOf(word.substring(6)), "temperature: wrong", "temperature", null);
            call.onError(StatusMapping.toStatus(error));
            return;
        }
        if (word.startsWith("field-")) {
            call.onError(StatusMapping.toStatus(TernException.invalid(word.substring(6), 1, "2")));
            return;
        }
        if (word.startsWith("status-")) {
            call.onError(Status.Code.valueOf(word.substring(7))
                    .toStatus()
                    .withDescription("secret at 10.0.0.1:99")
                    .asRuntimeException());
            return;
        }
        if (request.getTokenIdsList().contains(-1)) {
            call.onError(StatusMapping.toStatus(TernException.invalid("token_ids", -1, "0..9")));
            return;
        }
        switch (word) {
            case "hang" -> {}
            case "fail" -> call.onError(new IllegalStateException("secret"));
            case "step-hang" -> {
                call.onNext(started());
                call.onNext(step("One", true));
            }
            case "step-fail" -> {
                call.onNext(started());
                call.onNext(step("One", true));
                call.onError(StatusMapping.toStatus(new TernException(ErrorCode.OVERLOADED, "queue: full")));
            }
            case "flood" ->
                call.setOnReadyHandler(() -> {
                    while (call.isReady() && !call.isCancelled()) {
                        call.onNext(step("x".repeat(10_000), false));
                        flooded.incrementAndGet();
                    }
                });
            case "inject" -> answer(call, INJECTION);
            default -> answer(call, "One two ", "three ", "four ");
        }
    }

    @Override
    public void tokenize(TokenizeRequest request, StreamObserver<TokenizeResponse> observer) {
        if (request.getText().equals("refused")) {
            observer.onError(StatusMapping.toStatus(TernException.invalid("text", "refused", "another")));
            return;
        }
        observer.onNext(TokenizeResponse.newBuilder()
                .addTokenIds(request.getWithoutBeginning() ? 8 : 7)
                .addTokens("x")
                .setContextLength(99)
                .build());
        observer.onCompleted();
    }

    @Override
    public void detokenize(DetokenizeRequest request, StreamObserver<DetokenizeResponse> observer) {
        observer.onNext(DetokenizeResponse.newBuilder()
                .setText(request.getTokenIdsList().toString())
                .build());
        observer.onCompleted();
    }

    private static void answer(StreamObserver<GenerateResponse> observer, String... steps) {
        observer.onNext(started());
        for (String text : steps) {
            observer.onNext(step(text, true));
        }
        observer.onNext(GenerateResponse.newBuilder()
                .setFinished(Finished.newBuilder()
                        .setFinishReason("stop")
                        .setPromptTokens(3)
                        .setCompletionTokens(steps.length)
                        .setText("five")
                        .setSpeculation(SpeculationMetrics.newBuilder()
                                .setDrafter("ngram")
                                .setSteps(steps.length)
                                .setMeanAcceptanceLength(1.5)))
                .build());
        observer.onCompleted();
    }

    private static GenerateResponse started() {
        return GenerateResponse.newBuilder()
                .setStarted(Started.newBuilder().setModel("smollm").setPromptTokens(3))
                .build();
    }

    private static GenerateResponse step(String text, boolean drafted) {
        return GenerateResponse.newBuilder()
                .setStep(Step.newBuilder()
                        .setText(text)
                        .setDrafted(2)
                        .setAccepted(1)
                        .addTokens(Token.newBuilder()
                                .setId(5)
                                .setText(text)
                                .setDrafted(drafted)
                                .setLogprob(-0.5)))
                .build();
    }
}
