package io.tern.decoding.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.decoding.FakeLanguageModel;
import io.tern.decoding.FakeTokenizer;
import io.tern.decoding.grammar.Grammar;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.text.call.CallFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RequiredCallTest {
    private static final String WEATHER =
            "{\"name\": \"weather\", \"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"$ref\": \"#/$defs/city\"}},"
                    + " \"required\": [\"city\"], \"$defs\": {\"city\": {\"enum\": [\"Oslo\", \"Rome\"]}}}}";
    private static final String TIME =
            "{\"name\": \"time\", \"parameters\": {\"type\": \"object\", \"properties\": {}}}";

    private static RequiredCall call(CallFormat format, String... tools) {
        GenerateRequest.Builder request = GenerateRequest.newBuilder().setCallRequired(true);
        for (String tool : tools) {
            request.addTools(tool);
        }
        return Objects.requireNonNull(RequiredCall.of(request.build(), format));
    }

    /** What a caller named a tool is no text that steers the model. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "HERMES|<tool_call>'n{\"name\": \"⟦weather⟧\", \"arguments\": |<tool_call>'n",
                "LLAMA|{\"name\": \"⟦weather⟧\", \"parameters\": |~~",
                "MISTRAL|[TOOL_CALLS][{\"name\": \"⟦weather⟧\", \"arguments\": |[TOOL_CALLS][",
                "MISTRAL_NAMED|[TOOL_CALLS]⟦weather⟧[ARGS]|[TOOL_CALLS][",
                "GEMMA|```tool_code'n{\"name\": \"⟦weather⟧\", \"arguments\": |```tool_code'n",
            })
    void beginsAsTheModelWasTaught(String format, String named, String any) {
        CallFormat one = CallFormat.valueOf(format);
        assertThat(call(one, WEATHER).opening())
                .hasToString(named.replace("'n", "\n") + (named.endsWith(":") ? " " : ""));
        assertThat(call(one, WEATHER, TIME).opening()).hasToString(any.replace("'n", "\n"));
    }

    @Test
    void theFormOfOneIsThatOfItsArgumentsAndOfSeveralAnyOfThem() {
        JsonNode one =
                JsonMapper.shared().readTree(call(CallFormat.LLAMA, WEATHER).schema());
        assertThat(one.at("/properties/city/$ref").asString()).isEqualTo("#/$defs/city");
        String several = call(CallFormat.LLAMA, TIME, WEATHER).schema();
        JsonNode any = JsonMapper.shared().readTree(several);
        assertThat(any.at("/anyOf/0/properties/name/const").asString()).isEqualTo("time");
        assertThat(any.at("/anyOf/1/properties/parameters/properties/city/$ref").asString())
                .isEqualTo("#/anyOf/1/properties/parameters/$defs/city");
        assertThat(Grammar.ofJsonSchema(any, "json_schema")).isNotNull(); // its references lead somewhere
    }

    @ParameterizedTest
    @ValueSource(strings = {"HERMES", "LLAMA"})
    void namesTheToolWhoseParametersAreWrong(String format) {
        String wrong = "{\"name\": \"f\", \"parameters\": {\"type\": \"object\", \"properties\":"
                + " {\"x\": {\"$ref\": \"#/$defs/x\"}}, \"$defs\": {\"x\": {\"contains\": 1}}}}";
        GrammarCache grammars =
                new GrammarCache(FakeTokenizer.small(), new FakeLanguageModel(16, 99, List.of(15), 3).info());
        CallFormat one = CallFormat.valueOf(format);
        assertThatThrownBy(() -> call(one, TIME, wrong).grammar(grammars))
                .hasMessageStartingWith("tools[1].parameters.$defs.x: the keyword contains")
                .hasFieldOrPropertyWithValue("field", "tools[1].parameters.$defs.x.contains");
        assertThatThrownBy(() -> call(one, wrong).grammar(grammars))
                .hasFieldOrPropertyWithValue("field", "tools[0].parameters.$defs.x.contains");
    }

    @Test
    void refusesWhatCannotBeCalled() {
        assertThat(RequiredCall.of(GenerateRequest.getDefaultInstance(), CallFormat.HERMES))
                .isNull();
        assertThatThrownBy(() -> call(CallFormat.HERMES)).hasMessageContaining("call_required: true");
        assertThatThrownBy(() -> call(CallFormat.HERMES, "[]")).hasMessageContaining("tools[0]: ");
        assertThatThrownBy(() -> call(CallFormat.HERMES, "{}")).hasMessageContaining("tools[0].name");
        assertThatThrownBy(() -> call(CallFormat.HERMES, "{\"name\": \"f\", \"parameters\": 1}"))
                .hasMessageContaining("tools[0].parameters");
        assertThatThrownBy(() -> RequiredCall.of(
                        GenerateRequest.newBuilder()
                                .setCallRequired(true)
                                .addTools(TIME)
                                .setRegex("a")
                                .build(),
                        CallFormat.HERMES))
                .hasMessageContaining("one of them");
    }
}
