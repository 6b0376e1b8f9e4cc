package io.tern.wire.text;

import com.google.protobuf.ByteString;
import io.tern.decoding.v1.DraftedToken;
import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.SpeculationMetrics;
import io.tern.decoding.v1.Started;
import io.tern.decoding.v1.Step;
import io.tern.decoding.v1.Token;
import io.tern.decoding.v1.TokenLogprob;
import java.util.List;

/** One short decoding stream: a step of two tokens, one drafted, and text held back for a stop string. */
final class Events {
    private Events() {}

    static List<GenerateResponse> all() {
        Started started = Started.newBuilder()
                .setModel("m")
                .setPromptTokens(2)
                .addPrompt(Token.newBuilder().setId(1).setText("One"))
                .addPrompt(Token.newBuilder()
                        .setId(2)
                        .setText(" two")
                        .setLogprob(-2)
                        .setRank(3)
                        .addTop(TokenLogprob.newBuilder()
                                .setId(9)
                                .setText(" nine")
                                .setLogprob(-0.25)))
                .build();
        Step step = Step.newBuilder()
                .addTokens(Token.newBuilder()
                        .setId(10)
                        .setText("Red")
                        .setDrafted(true)
                        .setLogprob(-0.5)
                        .addTop(TokenLogprob.newBuilder()
                                .setId(10)
                                .setText("Red")
                                .setLogprob(-0.5)))
                .addTokens(Token.newBuilder()
                        .setId(11)
                        .setText(" \uFFFD")
                        .setRaw(ByteString.copyFrom(new byte[] {' ', (byte) 0xc3}))
                        .setLogprob(-1.5))
                .setText("Red ")
                .setDrafted(2)
                .setAccepted(1)
                .addDraft(DraftedToken.newBuilder()
                        .setId(10)
                        .setText("Red")
                        .setParent(-1)
                        .setAccepted(true))
                .addDraft(DraftedToken.newBuilder().setId(12).setText(" x").setParent(0))
                .build();
        Finished finished = Finished.newBuilder()
                .setFinishReason("stop")
                .setStop("END")
                .setPromptTokens(2)
                .setCompletionTokens(2)
                .setText("é!")
                .setFirstTokenSeconds(0.25)
                .setTotalSeconds(0.5)
                .setSpeculation(SpeculationMetrics.newBuilder()
                        .setDrafter("ngram")
                        .setSteps(1)
                        .setDraftedTokens(2)
                        .setAcceptedTokens(1)
                        .setMeanAcceptanceLength(2)
                        .setDraftAcceptanceRate(0.5)
                        .addAcceptedPerPosition(1)
                        .addAcceptedPerPosition(0))
                .build();
        return List.of(
                GenerateResponse.newBuilder().setStarted(started).build(),
                GenerateResponse.newBuilder().setStep(step).build(),
                GenerateResponse.newBuilder().setFinished(finished).build());
    }

    static TextAnswer answer() {
        TextAnswer answer = new TextAnswer();
        all().forEach(answer::add);
        return answer;
    }
}
