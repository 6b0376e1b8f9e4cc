package io.tern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class CompletionsJsonTest {
    @Test
    void thePromptMayBeTextOrTokenIds() {
        assertThat(CompletionsJson.request(Bodies.body("{'prompt':'x'}"))
                        .generate()
                        .getPrompt())
                .isEqualTo("x");
        assertThat(CompletionsJson.request(Bodies.body("{'prompt':['x']}"))
                        .generate()
                        .getPrompt())
                .isEqualTo("x");
        assertThat(CompletionsJson.request(Bodies.body("{'prompt':[1,2]}"))
                        .generate()
                        .getTokenIdsList())
                .containsExactly(1, 2);
        assertThatThrownBy(() -> CompletionsJson.request(Bodies.body("{'prompt':['x','y']}")))
                .hasMessageContaining("several prompts are not supported by this server");
        assertThatThrownBy(() -> CompletionsJson.request(Bodies.body("{'prompt':[1,4294967296]}")))
                .hasMessageContaining("array of integers");
    }

    @Test
    void writesSixteenTokensUnlessToldOtherwise() {
        assertThat(CompletionsJson.request(Bodies.body("{'prompt':'x'}"))
                        .generate()
                        .getMaxTokens())
                .isEqualTo(16);
    }

    @Test
    void anEchoScoresThePrompt() {
        TextRequest request = CompletionsJson.request(Bodies.body("{'prompt':'One two','echo':true,'logprobs':1}"));
        ObjectNode answer = CompletionsJson.answer(request, Events.answer(), new AnswerHead("cmpl-1", 1));
        assertThat(answer.at("/object").asString()).isEqualTo("text_completion");
        assertThat(answer.at("/choices/0/text").asString()).isEqualTo("One twoRed é!");
        assertThat(answer.at("/choices/0/logprobs").toString()).isEqualTo("""
                {"tokens":["One"," two","Red"," \uFFFD"],"token_logprobs":[null,-2.0,-0.5,-1.5],\
                "top_logprobs":[null,{},{"Red":-0.5},{}],"text_offset":[0,3,7,10]}""");
    }
}
