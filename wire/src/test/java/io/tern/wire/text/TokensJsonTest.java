package io.tern.wire.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.decoding.v1.TokenizeRequest;
import io.tern.wire.Bodies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensJsonTest {
    @Test
    void aPromptBeginsAsItsModelWants() {
        TokenizeRequest plain =
                TokensJson.tokenize(Bodies.body("{'model':'m','prompt':'Hi'}")).tokenize();
        assertThat(plain)
                .isEqualTo(
                        TokenizeRequest.newBuilder().setModel("m").setText("Hi").build());
        assertThat(TokensJson.tokenize(Bodies.body("{'prompt':'Hi','add_special_tokens':false}"))
                        .tokenize()
                        .getWithoutBeginning())
                .isTrue();
    }

    @Test
    void aChatIsRendered() {
        TokenizeRequest request = TokensJson.tokenize(Bodies.body("""
                {'messages':[{'role':'user','content':'Hi'}],'add_generation_prompt':true,'add_special_tokens':false}""")).tokenize();
        assertThat(request.getMessages(0).getContent()).isEqualTo("Hi");
        assertThat(request.getText()).isEmpty();
    }

    @Test
    void aChatIsRenderedAsAskedFor() {
        TokenizeRequest request = TokensJson.tokenize(Bodies.body("""
                {'messages':[{'role':'user','content':'Hi'}],'add_generation_prompt':false,
                 'chat_template_kwargs':{'enable_thinking':false}}""")).tokenize();
        assertThat(request.getAddGenerationPrompt()).isFalse();
        assertThat(request.hasAddGenerationPrompt()).isTrue();
        assertThat(request.getChatTemplateKwargs()).isEqualTo("{\"enable_thinking\":false}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|prompt: missing (expected: string, or messages)",
                "{'prompt':[1]}|prompt: array (expected: string)",
                "{'prompt':'x','messages':[{'role':'user','content':'Hi'}]}|prompt: unknown field (expected: one of model,"
                        + " return_token_strs, messages, add_special_tokens, add_generation_prompt, chat_template_kwargs)",
            })
    void refusesByName(String body, String message) {
        assertThatThrownBy(() -> TokensJson.tokenize(Bodies.body(body))).hasMessage(message);
    }

    @Test
    void tokensMustBeIds() {
        assertThat(TokensJson.detokenize(Bodies.body("{'tokens':[]}")).getTokenIdsCount())
                .isZero();
        assertThatThrownBy(() -> TokensJson.detokenize(Bodies.body("{}")))
                .hasMessage("tokens: missing (expected: array of token ids)");
        assertThatThrownBy(() -> TokensJson.detokenize(Bodies.body("{'tokens':['a']}")))
                .hasMessageStartingWith("tokens: array (expected: array of integers");
    }
}
