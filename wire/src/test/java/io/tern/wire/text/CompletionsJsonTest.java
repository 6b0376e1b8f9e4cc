package io.tern.wire.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tern.base.FieldNames;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.Token;
import io.tern.wire.Bodies;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class CompletionsJsonTest {
    @Test
    void thePromptMayBeTextOrTokenIds() {
        assertThat(CompletionsJson.request(Bodies.body("{'prompt':'x'}"))
                        .first()
                        .getPrompt())
                .isEqualTo("x");
        assertThat(CompletionsJson.request(Bodies.body("{'prompt':['x']}"))
                        .first()
                        .getPrompt())
                .isEqualTo("x");
        assertThat(CompletionsJson.request(Bodies.body("{'prompt':[1,2]}"))
                        .first()
                        .getTokenIdsList())
                .containsExactly(1, 2);
        for (String wrong : List.of("[1,4294967296]", "[1,'x']", "[['x']]", "[{}]")) {
            assertThatThrownBy(() -> CompletionsJson.request(Bodies.body("{'prompt':" + wrong + "}")))
                    .hasMessageContaining("prompt: array (expected: string, array of token ids");
        }
    }

    @Test
    void severalPromptsHaveTheirChoicesInOrder() {
        TextRequest request = CompletionsJson.request(Bodies.body("{'prompt':['x',[7,8]],'n':2,'echo':true}"));
        assertThat(request.choices()).hasSize(4);
        assertThat(request.choices().get(1).getPrompt()).isEqualTo("x");
        assertThat(request.choices().get(2).getTokenIdsList()).containsExactly(7, 8);
        List<TextAnswer> answers = List.of(Events.answer(), Events.answer(), Events.answer(), Events.answer());
        ObjectNode answer = CompletionsJson.answer(request, answers, new AnswerHead("cmpl-1", 1));
        assertThat(answer.at("/choices/0/text").asString()).isEqualTo("xRed é!");
        assertThat(answer.at("/choices/3/text").asString()).isEqualTo("One twoRed é!");
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(4);
        assertThatThrownBy(() -> CompletionsJson.request(Bodies.body("{'prompt':['a','b','c'],'n':16}")))
                .hasMessage("prompt: 48 texts (expected: at most 32)");
    }

    @Test
    void allTokensAreMinusOneToSomeClients() {
        for (int all : new int[] {-1, 0}) {
            assertThat(CompletionsJson.request(Bodies.body("{'prompt':'x','top_k':" + all + "}"))
                            .first()
                            .getTopK())
                    .isZero();
        }
        assertThat(CompletionsJson.request(Bodies.body("{'prompt':'x','top_k':-2}"))
                        .first()
                        .getTopK())
                .isEqualTo(-2); // which the service refuses
    }

    @Test
    void writesSixteenTokensUnlessToldOtherwise() {
        assertThat(CompletionsJson.request(Bodies.body("{'prompt':'x'}"))
                        .first()
                        .getMaxTokens())
                .isEqualTo(16);
    }

    @Test
    void anEchoOfIdsIsOneText() {
        GenerateRequest ids = GenerateRequest.newBuilder().addTokenIds(1).build();
        List<Token> tokens = Stream.of(new int[] {'a', 0xf0, 0x9f}, new int[] {0x98, 0x80}, new int[] {0xe4, 0xbd})
                .map(bytes ->
                        Token.newBuilder().setText("?").setRaw(bytes(bytes)).build())
                .toList();
        assertThat(CompletionsJson.promptText(ids, tokens)).isEqualTo("a😀\uFFFD");
    }

    private static ByteString bytes(int... values) {
        ByteString.Output output = ByteString.newOutput();
        for (int value : values) {
            output.write(value);
        }
        return output.toByteString();
    }

    @Test
    void chanceIsMinusOneToSomeClients() {
        assertThat(CompletionsJson.request(Bodies.body("{'prompt':'x','seed':-1}"))
                        .first()
                        .hasSeed())
                .isFalse();
        for (String wrong : List.of("-2", "9223372036854775808", "1.5")) {
            assertThatThrownBy(() -> CompletionsJson.request(Bodies.body("{'prompt':'x','seed':" + wrong + "}")))
                    .hasMessage("seed: " + wrong + " (expected: integer, 0..2^63-1, or -1 for chance)");
        }
    }

    @Test
    void tokensAreToldByTheirIdsIfThatIsAskedFor() {
        TextRequest request = CompletionsJson.request(
                Bodies.body("{'prompt':'One two','logprobs':1,'return_tokens_as_token_ids':true}"));
        ObjectNode answer = CompletionsJson.answer(request, List.of(Events.answer()), new AnswerHead("cmpl-1", 1));
        assertThat(answer.at("/choices/0/logprobs/tokens").toString()).isEqualTo("[\"token_id:10\",\"token_id:11\"]");
        assertThat(TextRequest.of(request.job()).tokenNames()).isEqualTo(TokenNames.BY_ID);
    }

    @Test
    void aFormIsKnownByTheFieldThatItCameIn() {
        for (String[] form : new String[][] {
            {
                "'response_format':{'type':'json_schema','json_schema':{'schema':{}}}",
                "json_schema.properties.x",
                "response_format.json_schema.schema.properties.x"
            },
            {"'response_format':{'type':'json_object','schema':{}}", "json_schema", "response_format.schema"},
            {"'response_format':{'type':'json_object'}", "json_object", "response_format.type"},
            {"'structured_outputs':{'json':{}}", "json_schema.x", "structured_outputs.json.x"},
            {"'structured_outputs':{'regex':'a'}", "regex", "structured_outputs.regex"},
            {"'structured_outputs':{'choice':['a']}", "choice", "structured_outputs.choice"},
            {"'structured_outputs':{'json_object':true}", "json_object", "structured_outputs.json_object"},
            {"'guided_json':{}", "json_schema", "guided_json"},
            {"'guided_regex':'a'", "regex", "guided_regex"},
            {"'guided_choice':['a']", "choice", "guided_choice"},
            {"'n':1", "token_ids", "prompt"},
            {"'n':1", "logprobs", "logprobs"},
        }) {
            TextRequest request = CompletionsJson.request(Bodies.body("{'prompt':'x'," + form[0] + "}"));
            assertThat(FieldNames.of(request.sent()).told(form[1])).as(form[0]).isEqualTo(form[2]);
        }
    }

    @Test
    void anEchoScoresThePrompt() {
        TextRequest request = CompletionsJson.request(Bodies.body("{'prompt':'One two','echo':true,'logprobs':1}"));
        ObjectNode answer = CompletionsJson.answer(request, List.of(Events.answer()), new AnswerHead("cmpl-1", 1));
        assertThat(answer.at("/object").asString()).isEqualTo("text_completion");
        assertThat(answer.at("/choices/0/text").asString()).isEqualTo("One twoRed é!");
        assertThat(answer.at("/choices/0/logprobs").toString()).isEqualTo("""
            {"tokens":["One"," two","Red","bytes:\\\\x20\\\\xc3"],"token_logprobs":[null,-2.0,-0.5,-1.5],\
            "top_logprobs":[null,{" nine":-0.25," two":-2.0},{"Red":-0.5},{"bytes:\\\\x20\\\\xc3":-1.5}],"text_offset":[0,3,7,10]}\
            """);
    }

    @Test
    void thePromptsLogProbabilitiesAreThoseOfItsFirstChoice() {
        TextRequest request = CompletionsJson.request(Bodies.body("{'prompt':['a','b'],'n':2,'prompt_logprobs':0}"));
        assertThat(request.choices().stream().map(GenerateRequest::hasPromptLogprobs))
                .containsExactly(true, false, true, false);
        TextAnswer unscored = new TextAnswer().add(Events.all().getLast());
        ObjectNode answer = CompletionsJson.answer(
                request, List.of(Events.answer(), unscored, Events.answer(), unscored), new AnswerHead("cmpl-1", 1));
        for (int choice = 0; choice < 4; choice++) {
            assertThat(answer.at("/choices/" + choice + "/prompt_logprobs/1/2/rank")
                            .asInt())
                    .isEqualTo(3);
        }
    }

    /** A prompt may be scored with more of the likeliest than a text's tokens are told with. */
    @Test
    void anEchoTellsAsManyAsWereAskedFor() {
        TextRequest request = CompletionsJson.request(
                Bodies.body("{'prompt':'One two','echo':true,'logprobs':0,'prompt_logprobs':1}"));
        ObjectNode answer = CompletionsJson.answer(request, List.of(Events.answer()), new AnswerHead("cmpl-1", 1));
        assertThat(answer.at("/choices/0/logprobs/top_logprobs/1").toString()).isEqualTo("{\" two\":-2.0}");
        assertThat(answer.at("/choices/0/prompt_logprobs/1").propertyNames()).containsExactly("2", "9");

        TextRequest other = CompletionsJson.request(
                Bodies.body("{'prompt':'One two','echo':true,'logprobs':1,'prompt_logprobs':0}"));
        ObjectNode itself = CompletionsJson.answer(other, List.of(Events.answer()), new AnswerHead("cmpl-1", 1));
        assertThat(itself.at("/choices/0/prompt_logprobs/1").propertyNames()).containsExactly("2");
    }

    @Test
    void aCompletionHasNoTemplate() {
        assertThatThrownBy(() -> CompletionsJson.request(Bodies.body("{'prompt':'x','chat_template_kwargs':{'a':1}}")))
                .hasMessage("chat_template_kwargs: not supported by this server");
    }
}
