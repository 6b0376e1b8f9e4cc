package io.tern.wire.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.FieldNames;
import io.tern.base.TernException;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.Message;
import io.tern.decoding.v1.Speculation;
import io.tern.wire.Bodies;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class ChatJsonTest {
    private static final String MESSAGES = "'messages':[{'role':'user','content':'Hi'}]";

    @Test
    void theServicesFieldsAreKnownByTheNamesThatWereSent() {
        TextRequest request = ChatJson.request(
                Bodies.body("{" + MESSAGES + ",'logprobs':true,'top_logprobs':2,'max_completion_tokens':3}"));
        assertThat(FieldNames.of(request.sent()).told("logprobs: 21")).isEqualTo("top_logprobs: 21");
        assertThat(FieldNames.of(request.sent()).told("max_tokens")).isEqualTo("max_completion_tokens");
        TextRequest other = ChatJson.request(Bodies.body("{" + MESSAGES + ",'max_tokens':3}"));
        assertThat(FieldNames.of(other.sent()).told("max_tokens")).isEqualTo("max_tokens");
    }

    @Test
    void readsEveryFieldOfTheContract() {
        TextRequest request = ChatJson.request(Bodies.body("""
                {'model':'m','messages':[{'role':'developer','content':'Be brief.'},
                  {'role':'user','content':[{'type':'text','text':'Hi '},{'type':'text','text':'there'}]}],
                 'max_tokens':5,'max_completion_tokens':7,'temperature':0,'top_p':0.9,'top_k':4,'min_p':0.1,
                 'repetition_penalty':1.1,'presence_penalty':0.2,'frequency_penalty':-0.3,'seed':42,'stop':'\\n',
                 'ignore_eos':true,'logprobs':true,'top_logprobs':3,'logit_bias':{'50':-100},
                 'speculation':{'drafter':'medusa','max_draft':4,'tree':true,'exact':false,'acceptance':'typical',
                   'typical_threshold':0.2,'typical_alpha':0.4},'stream':true,
                 'stream_options':{'include_usage':true}}"""));
        assertThat(request.first())
                .isEqualTo(GenerateRequest.newBuilder()
                        .setModel("m")
                        .addMessages(message("system", "Be brief."))
                        .addMessages(message("user", "Hi there"))
                        .setMaxTokens(7)
                        .setTemperature(0)
                        .setTopP(0.9)
                        .setTopK(4)
                        .setMinP(0.1)
                        .setRepetitionPenalty(1.1)
                        .setPresencePenalty(0.2)
                        .setFrequencyPenalty(-0.3)
                        .setSeed(42)
                        .addStop("\n")
                        .setIgnoreEos(true)
                        .setLogprobs(3)
                        .setEcho(false)
                        .putLogitBias(50, -100)
                        .setSpeculation(Speculation.newBuilder()
                                .setDrafter("medusa")
                                .setMaxDraft(4)
                                .setTree(true)
                                .setExact(false)
                                .setAcceptance("typical")
                                .setTypicalThreshold(0.2)
                                .setTypicalAlpha(0.4))
                        .build());
        assertThat(request.stream()).isTrue();
        assertThat(request.usage()).isEqualTo(StreamUsage.AT_END);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'response_format':{'type':'json_object'}|json_object: true",
                "'response_format':{'type':'json_object','schema':{'type':'null'}}|json_schema: \"{\\\"type\\\":\\\"null\\\"}\"",
                "'response_format':{'type':'json_schema','json_schema':{'name':'x','strict':true,'schema':{'type':'null'}}}|json_schema:"
                        + " \"{\\\"type\\\":\\\"null\\\"}\"",
                "'guided_json':{'type':'null'}|json_schema: \"{\\\"type\\\":\\\"null\\\"}\"",
                "'guided_regex':'a+'|regex: \"a+\"",
                "'structured_outputs':{'choice':['a','b']}|choice { texts: \"a\" texts: \"b\" }",
                "'stop_token_ids':[1,2]|stop_token_ids: 1 stop_token_ids: 2",
            })
    void readsTheFormOfTheText(String field, String expected) {
        GenerateRequest request = ChatJson.request(Bodies.body("{" + MESSAGES + "," + field + "}"))
                .first();
        String rest = request.toBuilder().clearMessages().clearEcho().build().toString();
        assertThat(rest.strip().replaceAll("\\s+", " ")).isEqualTo(expected);
    }

    @Test
    void severalChoicesHaveSeedsOfTheirOwn() {
        TextRequest request = ChatJson.request(Bodies.body("{" + MESSAGES + ",'n':3,'seed':5}"));
        List<Long> seeds =
                request.choices().stream().map(GenerateRequest::getSeed).toList();
        assertThat(seeds).hasSize(3).doesNotHaveDuplicates().allMatch(seed -> seed >= 0);
        assertThat(seeds.getFirst()).isEqualTo(5);
        ObjectNode answer = ChatJson.answer(
                request, List.of(Events.answer(), Events.answer(), Events.answer()), new AnswerHead("chatcmpl-1", 1));
        assertThat(answer.at("/choices/2/index").asInt()).isEqualTo(2);
        assertThat(answer.get("usage").toString())
                .isEqualTo(
                        "{\"prompt_tokens\":2,\"completion_tokens\":6,\"total_tokens\":8,\"prompt_tokens_details\":{\"cached_tokens\":0}}");
        assertThat(answer.at("/metrics/speculative_decoding/drafted_tokens").asInt())
                .isEqualTo(6);
    }

    @Test
    void acceptsWhatClientsSendByDefault() {
        ChatJson.request(Bodies.body("{" + MESSAGES + """
                ,'user':'u','n':1,'stream':false,'response_format':{'type':'text'},'metadata':{'a':'b'},'store':false,
                 'parallel_tool_calls':true,'service_tier':'auto','tools':[],'tool_choice':'auto','logprobs':false,
                 'logit_bias':{},'modalities':['text'],'stop':null,'presence_penalty':0,
                 'stream_options':null}"""));
    }

    @Test
    void acceptsTheDefaultsOfOtherServersClients() {
        GenerateRequest request =
                ChatJson.request(Bodies.body("{" + MESSAGES + """
                ,'min_tokens':0,'skip_special_tokens':true,'spaces_between_special_tokens':true,'length_penalty':1.0,
                 'include_stop_str_in_output':false,'bad_words':[],'use_beam_search':false,'add_generation_prompt':true,
                 'continue_final_message':false,'chat_template_kwargs':{},'priority':0,'repeat_penalty':1,'echo':false,
                 'cache_prompt':true,'guided_decoding_backend':'auto','reasoning_effort':'none','documents':[]}""")).first();
        assertThat(request)
                .isEqualTo(ChatJson.request(Bodies.body("{" + MESSAGES + "}")).first().toBuilder()
                        .setMinTokens(0)
                        .setSkipSpecialTokens(true)
                        .setIncludeStopStrInOutput(false)
                        .build());
    }

    @Test
    void readsWhatATextMaySay() {
        TextRequest request = ChatJson.request(Bodies.body("{" + MESSAGES + """
                ,'n':2,'min_tokens':3,'allowed_token_ids':[5,7],'bad_words':['x','y z'],'include_stop_str_in_output':true,
                 'skip_special_tokens':false,'truncate_prompt_tokens':-1,'prompt_logprobs':2,
                 'chat_template_kwargs':{'enable_thinking':false},'documents':[{'text':'a'}],'add_generation_prompt':false}"""));
        GenerateRequest expected = GenerateRequest.newBuilder()
                .addMessages(message("user", "Hi"))
                .setAddGenerationPrompt(false)
                .setEcho(false)
                .setMinTokens(3)
                .addAllowedTokenIds(5)
                .addAllowedTokenIds(7)
                .addBadWords("x")
                .addBadWords("y z")
                .setIncludeStopStrInOutput(true)
                .setSkipSpecialTokens(false)
                .setTruncatePromptTokens(-1)
                .setPromptLogprobs(2)
                .setChatTemplateKwargs("{\"enable_thinking\":false}")
                .addDocuments("{\"text\":\"a\"}")
                .build();
        assertThat(request.choices())
                .containsExactly(
                        expected, expected.toBuilder().clearPromptLogprobs().build());
    }

    @Test
    void tellsThePromptsLogProbabilitiesAsVllmDoes() {
        TextRequest request = ChatJson.request(Bodies.body("{" + MESSAGES + ",'prompt_logprobs':1}"));
        ObjectNode answer = ChatJson.answer(request, List.of(Events.answer()), new AnswerHead("chatcmpl-1", 1));
        assertThat(answer.get("prompt_logprobs").toString())
                .isEqualTo(Bodies.json("""
                [null,{'2':{'logprob':-2.0,'rank':3,'decoded_token':' two'},
                 '9':{'logprob':-0.25,'rank':1,'decoded_token':' nine'}}]""").toString());
        ObjectNode unasked = ChatJson.answer(
                ChatJson.request(Bodies.body("{" + MESSAGES + "}")),
                List.of(Events.answer()),
                new AnswerHead("chatcmpl-1", 1));
        assertThat(unasked.has("prompt_logprobs")).isFalse();
    }

    @Test
    void tellsWhichStopTokenEndedTheText() {
        TextAnswer answer = new TextAnswer();
        Events.all()
                .forEach(event -> answer.add(
                        event.hasFinished()
                                ? event.toBuilder()
                                        .setFinished(event.getFinished().toBuilder()
                                                .clearStop()
                                                .setStopTokenId(11))
                                        .build()
                                : event));
        TextRequest request = ChatJson.request(Bodies.body("{" + MESSAGES + "}"));
        assertThat(ChatJson.answer(request, List.of(answer), new AnswerHead("chatcmpl-1", 1))
                        .at("/choices/0/stop_reason")
                        .toString())
                .isEqualTo("11");
    }

    @Test
    void goesOnWithTheAssistantsLastMessage() {
        GenerateRequest request = ChatJson.request(Bodies.body("""
                {'messages':[{'role':'user','content':'Hi','name':'Ann'},{'role':'assistant','content':'Good m'}],
                 'continue_final_message':true,'add_generation_prompt':false}""")).first();
        assertThat(request.getMessagesList())
                .containsExactly(
                        message("user", "Hi").toBuilder().setName("Ann").build());
        assertThat(request.getAnswerPrefix()).isEqualTo("Good m");
    }

    @Test
    void acceptsAnAssistantsMessageAsItWasSent() {
        TextRequest request = ChatJson.request(Bodies.body("""
                {'messages':[{'role':'assistant','content':'Hello','refusal':null,'tool_calls':null,'annotations':[],
                  'audio':null,'function_call':null}]}"""));
        assertThat(request.first().getMessages(0)).isEqualTo(message("assistant", "Hello"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'tools':[{'type':'function'}]|tools[0].function: missing (expected: object)",
                "'guided_choice':[]|guided_choice: no text (expected: one at least)",
                "'tools':[{'type':'search'}]|tools[0].type: search is not supported by this server (supported: function)",
                "'tools':[{'type':'function','function':{'name':'a b'}}]|tools[0].function.name: a b (expected: [a-zA-Z0-9_-]{1,64})",
                "'tool_choice':'required'|tool_choice: required (expected: none or auto where there are no tools)",
                "'tools':{}|tools: object (expected: array of tools)",
                "'response_format':{'type':'xml'}|response_format.type: xml (expected: text, json_object or"
                        + " json_schema)",
                "'response_format':{'type':'json_schema'}|response_format.json_schema: missing (expected: object)",
                "'response_format':{'type':'json_schema','json_schema':{'name':'x'}}|response_format.json_schema.schema:"
                        + " missing (expected: a JSON Schema)",
                "'response_format':{'type':'json_object'},'guided_regex':'a'|guided_regex: a second form (expected:"
                        + " one form of the text)",
                "'structured_outputs':{'grammar':'root'}|structured_outputs.grammar: not supported by this server",
                "'n':0|n: 0 (expected: 1..16)",
                "'n':1000000000|n: 1000000000 (expected: 1..16)",
                "'speculation':{'drafter':'crystal'}|speculation.drafter: crystal (expected: auto, none, ngram,"
                        + " retrieval, draft-model, early-exit, medusa, mtp, eagle)",
                "'speculation':{'tree':'yes'}|speculation.tree: yes (expected: true or false)",
                "'speculation':{'acceptance':'coupled'}|speculation.acceptance: coupled (expected: greedy, rejection,"
                        + " typical)",
                "'speculation':{'drafters':'ngram'}|speculation.drafters: unknown field (nearest: drafter)",
                "'speculation':'on'|speculation: on (expected: \"off\", \"auto\" or an object)",
                "'speculation':3|speculation: 3 (expected: \"off\", \"auto\" or an object)",
                "'max_token':3|max_token: unknown field (nearest: max_tokens, min_tokens)",
                "'temperature':'hot'|temperature: hot (expected: number)",
                "'top_logprobs':3|top_logprobs: 3 (expected: only together with logprobs: true)",
                "'logit_bias':{'x':1}|logit_bias: object (expected: object of finite numbers by token id)",
                "'stop':[1]|stop: array (expected: string or array of strings)",
                "'modalities':['text','audio']|modalities: not supported by this server",
                "'min_tokens':'3'|min_tokens: 3 (expected: integer, -2147483648..2147483647)",
                "'min_tokens':1.5|min_tokens: 1.5 (expected: integer, -2147483648..2147483647)",
                "'allowed_token_ids':[]|allowed_token_ids: array (expected: one token id at least)",
                "'allowed_token_ids':['a']|allowed_token_ids: array (expected: array of integers, -2147483648..2147483647)",
                "'bad_words':[1]|bad_words: array (expected: string or array of strings)",
                "'include_stop_str_in_output':1|include_stop_str_in_output: 1 (expected: true or false)",
                "'skip_special_tokens':'no'|skip_special_tokens: no (expected: true or false)",
                "'truncate_prompt_tokens':'all'|truncate_prompt_tokens: all (expected: integer, -2147483648..2147483647)",
                "'prompt_logprobs':true|prompt_logprobs: true (expected: integer, -2147483648..2147483647)",
                "'prompt_logprobs':1,'stream':true|prompt_logprobs: 1 (expected: none in a stream)",
                "'chat_template_kwargs':['a']|chat_template_kwargs: array (expected: object of variables by name)",
                "'documents':{'text':'a'}|documents: object (expected: array of objects)",
                "'documents':['a']|documents: array (expected: array of objects)",
                "'stream_options':{'include_usage':true}|stream_options: object (expected: none without stream: true)",
                "'stream':true,'stream_options':{'continuous_usage_stats':true}|stream_options.continuous_usage_stats: true"
                        + " (expected: false without include_usage: true)",
                "'stream':true,'stream_options':{'include_usag':true}|stream_options.include_usag: unknown field (nearest: include_usage)",
                "'length_penalty':1.2|length_penalty: 1.2 is not supported by this server (supported: 1.0, 1)",
                "'add_generation_prompt':true,'continue_final_message':true|add_generation_prompt: true (expected: false with"
                        + " continue_final_message: true)",
                "'continue_final_message':true|continue_final_message: true (expected: a last message of the assistant with"
                        + " words and no calls, after another message)",
            })
    void refusesByName(String field, String message) {
        assertThatThrownBy(() -> ChatJson.request(Bodies.body("{" + MESSAGES + "," + field + "}")))
                .isInstanceOf(TernException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|messages: missing (expected: array of messages)",
                "{'messages':[]}|messages: [] (expected: at least one message)",
                "{'messages':'Hi'}|messages: Hi (expected: array of messages)",
                "{'messages':['Hi']}|messages: array (expected: array of messages)",
                "{'messages':[{'role':'user'}]}|messages[0].content: missing (expected: string or array of text parts)",
                "{'messages':[{'content':'Hi'}]}|messages[0].role: missing (expected: a role)",
                "{'messages':[{'role':'user','content':5}]}|messages[0].content: 5 (expected: string)",
                "{'messages':[{'role':'user','content':'a'},{'role':'user','content':[{'type':'image_url','image_url':{}}]}]}|messages[1].content[0].type:"
                        + " image_url is not supported by this server (supported: text)",
                "{'messages':[{'role':'user','content':'Hi','name':5}]}|messages[0].name: 5 (expected: string)",
            })
    void refusesMessagesByTheirPlace(String body, String message) {
        assertThatThrownBy(() -> ChatJson.request(Bodies.body(body)))
                .isInstanceOf(TernException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "auto"})
    void speculationMayBeOneWord(String word) {
        TextRequest request = ChatJson.request(Bodies.body("{" + MESSAGES + ",'speculation':'" + word + "'}"));
        assertThat(request.first().getSpeculation().getDrafter()).isEqualTo(word.equals("off") ? "none" : "auto");
    }

    @Test
    void answersAsOpenAiDoes() {
        TextRequest request =
                ChatJson.request(Bodies.body("{" + MESSAGES + ",'logprobs':true,'return_token_ids':true}"));
        ObjectNode answer =
                ChatJson.answer(request, List.of(Events.answer()), new AnswerHead("chatcmpl-1", 1700000000));
        assertThat(answer.toString()).isEqualTo(Bodies.json("""
                {'id':'chatcmpl-1','object':'chat.completion','created':1700000000,'model':'m',
                 'choices':[{'index':0,'message':{'role':'assistant','content':'Red é!','refusal':null},
                  'logprobs':{'content':[
                    {'token':'Red','logprob':-0.5,'bytes':[82,101,100],'top_logprobs':[{'token':'Red','logprob':-0.5,'bytes':[82,101,100]}]},
                    {'token':' \uFFFD','logprob':-1.5,'bytes':[32,195],'top_logprobs':[]}],'refusal':null},
                  'finish_reason':'stop','stop_reason':'END','token_ids':[10,11]}],
                 'prompt_token_ids':[1,2],
                 'usage':{'prompt_tokens':2,'completion_tokens':2,'total_tokens':4,
                  'prompt_tokens_details':{'cached_tokens':0}},
                 'metrics':{'speculative_decoding':{'drafter':'ngram','steps':1,'drafted_tokens':2,'accepted_tokens':1,
                   'mean_acceptance_length':2.0,'draft_acceptance_rate':0.5,'accepted_per_position':[1,0]},
                   'first_token_seconds':0.25,'total_seconds':0.5}}""").toString());
    }

    @Test
    void aStreamThatEndedEarlyIsNoAnswer() {
        TextRequest request = ChatJson.request(Bodies.body("{" + MESSAGES + "}"));
        TextAnswer cut = new TextAnswer().add(Events.all().getFirst());
        assertThatThrownBy(() -> ChatJson.answer(request, List.of(cut), new AnswerHead("x", 0)))
                .hasMessage("the answer ended before it was finished");
    }

    private static Message message(String role, String content) {
        return Message.newBuilder().setRole(role).setContent(content).build();
    }
}
