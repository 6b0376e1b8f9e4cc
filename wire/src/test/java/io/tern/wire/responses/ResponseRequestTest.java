package io.tern.wire.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.wire.StrictJson;
import io.tern.wire.text.ChatJson;
import io.tern.wire.text.TextRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class ResponseRequestTest {
    private static final String TOOL = "{'type':'object','properties':{'city':{'type':'string'}}}";

    @Test
    void aTextIsWhatTheUserSays() {
        assertThat(respond("{'input':'Hi','instructions':'Be brief.','max_output_tokens':7,'temperature':0,'seed':3}"))
                .isEqualTo(chat("{'messages':[{'role':'system','content':'Be brief.'},{'role':'user','content':'Hi'}],"
                        + "'max_completion_tokens':7,'temperature':0,'seed':3}"));
    }

    @Test
    void anAnswersItemsComeBackAsOneMessage() {
        String items =
                "[{'role':'user','content':[{'type':'input_text','text':'Wea'},{'type':'input_text','text':'ther?'}]},"
                        + "{'type':'message','id':'msg_1','status':'completed','role':'assistant','content':"
                        + "[{'type':'output_text','text':'I look.','annotations':[],'logprobs':[]}]},"
                        + "{'type':'function_call','id':'fc_1','status':'completed','call_id':'c1','name':'weather','arguments':'{}'},"
                        + "{'type':'function_call','call_id':'c2','name':'weather','arguments':''},"
                        + "{'type':'function_call_output','call_id':'c1','output':'Rain'},"
                        + "{'type':'function_call_output','call_id':'c2','output':[{'type':'input_text','text':'Sun'}]},"
                        + "{'role':'developer','content':'Rhyme.'},"
                        + "{'type':'function_call','call_id':'c3','name':'weather','arguments':'{}'}]";
        String call = "'type':'function','function':{'name':'weather','arguments':'{}'}";
        assertThat(respond("{'input':" + items + "}"))
                .isEqualTo(chat("{'messages':[{'role':'user','content':'Weather?'},"
                        + "{'role':'assistant','content':'I look.','tool_calls':[{'id':'c1'," + call + "},{'id':'c2',"
                        + call + "}]},{'role':'tool','tool_call_id':'c1','content':'Rain'},"
                        + "{'role':'tool','tool_call_id':'c2','content':'Sun'},{'role':'system','content':'Rhyme.'},"
                        + "{'role':'assistant','tool_calls':[{'id':'c3'," + call + "}]}]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'auto'|'auto'",
                "'none'|'none'",
                "'required'|'required'",
                "{'type':'function','name':'w'}|{'type':'function','function':{'name':'w'}}",
                "{'type':'allowed_tools','mode':'required','tools':[{'type':'function','name':'w'}]}"
                        + "|{'type':'allowed_tools','allowed_tools':{'mode':'required','tools':[{'type':'function','function':{'name':'w'}}]}}"
            },
            quoteCharacter = '"')
    void toolsAreThoseOfAChat(String choice, String ofChat) {
        assertThat(respond("{'input':'Hi','parallel_tool_calls':false,'tools':[{'type':'function','name':'w',"
                        + "'description':'Tells.','strict':true,'parameters':" + TOOL
                        + "},{'type':'function','name':'t'}],"
                        + "'tool_choice':" + choice + "}"))
                .isEqualTo(chat("{'messages':[{'role':'user','content':'Hi'}],'parallel_tool_calls':false,'tools':["
                        + "{'type':'function','function':{'name':'w','description':'Tells.','strict':true,'parameters':"
                        + TOOL + "}},{'type':'function','function':{'name':'t'}}],'tool_choice':" + ofChat + "}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'text'}|{'type':'text'}",
                "{'type':'json_object'}|{'type':'json_object'}",
                "{'type':'json_schema','name':'s','strict':true,'schema':{'type':'integer'}}"
                        + "|{'type':'json_schema','json_schema':{'name':'s','schema':{'type':'integer'}}}"
            },
            quoteCharacter = '"')
    void formsAreThoseOfAChat(String format, String ofChat) {
        assertThat(respond("{'input':'Hi','text':{'format':" + format + ",'verbosity':'medium'}}"))
                .isEqualTo(chat("{'messages':[{'role':'user','content':'Hi'}],'response_format':" + ofChat + "}"));
    }

    @Test
    void logprobsAreIncluded() {
        assertThat(respond("{'input':'Hi','include':['message.output_text.logprobs'],'top_logprobs':2}"))
                .isEqualTo(chat("{'messages':[{'role':'user','content':'Hi'}],'logprobs':true,'top_logprobs':2}"));
    }

    @Test
    void theAnswerRepeatsWhatWasAsked() {
        ObjectNode told = ResponseRequest.of(body("{'input':'Hi','instructions':'x','metadata':{'a':'b'},'top_p':0.5}"))
                .told();
        assertThat(told.toString())
                .isEqualTo(body("{'instructions':'x','max_output_tokens':null,'temperature':null,'top_p':0.5,"
                                + "'top_logprobs':null,'user':null,'text':{'format':{'type':'text'}},'tools':[],"
                                + "'tool_choice':'auto','parallel_tool_calls':true,'metadata':{'a':'b'},'store':false,"
                                + "'background':false,'truncation':'disabled','previous_response_id':null,"
                                + "'reasoning':{'effort':null,'summary':null}}")
                        .toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|input: missing (expected: string or array of items)",
                "{'input':[]}|input: [] (expected: at least one item)",
                "{'input':[1]}|input: array (expected: string or array of items)",
                "{'input':[{'type':'reasoning'}]}|input[0].type: reasoning (expected: message, function_call or function_call_output)",
                "{'input':[{'role':'user','content':[{'type':'input_image','image_url':'x'}]}]}"
                        + "|input[0].content[0].type: input_image is not supported by this server (supported: input_text, output_text, text)",
                "{'input':[{'type':'function_call_output','output':'x'}]}|input[0].call_id: missing (expected: the id of a call)",
                "{'input':'x','tools':[{'type':'web_search'}]}|tools[0].type: web_search is not supported by this server (supported: function)",
                "{'input':'x','tool_choice':3}|tool_choice: 3 (expected: none, auto, required, {\"type\": \"function\", \"name\": ...}"
                        + " or {\"type\": \"allowed_tools\", ...})",
                "{'input':'x','text':{'format':{'type':'xml'}}}|text.format.type: xml (expected: text, json_object or json_schema)",
                "{'input':'x','text':{'format':{'type':'json_schema'}}}|text.format.schema: missing (expected: a JSON Schema)",
                "{'input':'x','store':true}|store: true is not supported by this server (supported: false)",
                "{'input':'x','background':true}|background: true is not supported by this server (supported: false)",
                "{'input':'x','previous_response_id':'resp_1'}|previous_response_id: not supported by this server",
                "{'input':'x','include':['file_search_call.results']}|include: file_search_call.results (expected: message.output_text.logprobs)",
                "{'input':'x','top_logprobs':2}|top_logprobs: 2 (expected: 0 unless include has message.output_text.logprobs)",
                "{'input':'x','stream_options':{}}|stream_options: object (expected: none without stream: true)",
                "{'input':'x','tools':[{'type':'function','name':'a b'}]}|tools[0].name: a b (expected: [a-zA-Z0-9_-]{1,64})",
                "{'input':'x','tools':[{'type':'function','name':'a'}],'tool_choice':{'type':'function','name':'b'}}"
                        + "|tool_choice.name: b (expected: the name of one of the tools)",
                "{'input':'x','tools':[{'type':'function','name':'a'}],'tool_choice':{'type':'allowed_tools','tools':"
                        + "[{'type':'function','name':'b'}]}}|tool_choice.tools[0].name: b (expected: the name of one of the tools)",
                "{'input':'x','max_tokens':2}|max_tokens: unknown field (nearest: min_tokens)"
            },
            quoteCharacter = '`')
    void whatIsWrongIsNamedAsItWasSent(String body, String message) {
        assertThatThrownBy(() -> ResponseRequest.of(body(body)))
                .isInstanceOf(TernException.class)
                .hasMessage(message);
    }

    private static TextRequest respond(String body) {
        return ResponseRequest.of(body(body)).text();
    }

    private static TextRequest chat(String body) {
        return ChatJson.request(body(body));
    }

    private static ObjectNode body(String singleQuoted) {
        return StrictJson.object(singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
