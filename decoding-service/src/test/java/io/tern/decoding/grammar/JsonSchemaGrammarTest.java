package io.tern.decoding.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonSchemaGrammarTest {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    @Test
    void writesNothingButWhatRandomSchemasAllow() throws CharacterCodingException {
        int ended = 0;
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            JsonNode schema = new RandomSchema(random).schema(3);
            GrammarMachine machine = machineOrNull(schema);
            for (int i = 0; machine != null && i < 4; i++) {
                byte[] text = Grammars.randomText(machine, random, 300);
                if (text != null) {
                    ended++;
                    assertAllowed(schema, text, seed);
                }
            }
        }
        assertThat(ended).isGreaterThan(300);
    }

    /** A changed text that the grammar still reads must still be allowed. */
    @Test
    void readsNoTextThatTheSchemaForbids() throws CharacterCodingException {
        int read = 0;
        int refused = 0;
        for (int seed = 1000; seed < 1100; seed++) {
            Random random = new Random(seed);
            JsonNode schema = new RandomSchema(random).schema(2);
            GrammarMachine machine = machineOrNull(schema);
            byte[] text = machine == null ? null : Grammars.randomText(machine, random, 200);
            for (int i = 0; text != null && i < 60; i++) {
                String changed = changed(new String(text, StandardCharsets.UTF_8), random);
                if (Grammars.accepts(machine, changed)) {
                    read++;
                    assertAllowed(schema, changed.getBytes(StandardCharsets.UTF_8), seed);
                } else {
                    refused++;
                }
            }
        }
        assertThat(read).isGreaterThan(100);
        assertThat(refused).isGreaterThan(1000);
    }

    private static String changed(String text, Random random) {
        StringBuilder changed = new StringBuilder(text);
        int at = random.nextInt(text.length() + 1);
        String pieces = "\"{}[],:0123456789-.ab\\ntrue";
        switch (random.nextInt(3)) {
            case 0 -> changed.insert(at, pieces.charAt(random.nextInt(pieces.length())));
            case 1 -> changed.delete(Math.min(at, text.length()), Math.min(text.length(), at + 1));
            default ->
                changed.replace(
                        Math.min(at, text.length()),
                        Math.min(text.length(), at + 1),
                        String.valueOf(pieces.charAt(random.nextInt(pieces.length()))));
        }
        return changed.toString();
    }

    private static GrammarMachine machineOrNull(JsonNode schema) {
        try {
            return Grammars.machine(Grammar.ofJsonSchema(schema, "schema"));
        } catch (TernException e) { // a random schema may allow nothing at all
            assertThat(e).hasMessageContaining("no text satisfies");
            return null;
        }
    }

    private static void assertAllowed(JsonNode schema, byte[] text, int seed) throws CharacterCodingException {
        String strict = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(text))
                .toString();
        assertThat(new PlainSchema(schema).allows(MAPPER.readTree(strict)))
                .as("seed " + seed + ": " + schema + " and " + strict)
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'integer','minimum':0,'maximum':9} | 0,5,9 | 10,-1,-0,00,1.0",
                "{'type':'integer','minimum':-12,'exclusiveMaximum':105} | -12,-1,0,99,100,104 |"
                        + " -13,105,110,200,-20,-0",
                "{'type':'integer','exclusiveMinimum':9.5,'maximum':1e2} | 10,99,100 | 9,101,1000",
                "{'type':'number','minimum':0.5,'maximum':10.25} | 0.5,0.50,1,9.999,10.25,10.2 |"
                        + " 0.4,0,10.26,10.251,11,-1",
                "{'type':'number','exclusiveMinimum':0,'exclusiveMaximum':1} | 0.1,0.999,0.0001 | 0,1,0.0,1.0,-0.1",
                "{'type':'number','maximum':-1.5} | -1.5,-2,-100 | -1.4,0,1",
                "{'type':'number','multipleOf':0.01} | 1.25,3,-0.5 | 1.255",
                "{'type':'integer','multipleOf':3} | 0,3,-12,123456789 | 1,-2,10,4.5",
                "{'type':'number','multipleOf':2.5} | 0,2.5,-5,10.0,7.5,12.5 | 1,2.50,0.5",
                "{'type':'integer','multipleOf':2.5} | 0,5,-10 | 2,2.5,7",
                "{'type':'number','multipleOf':0.25,'minimum':-0.5,'maximum':1} | -0.5,-0.25,0,0.75,1,0.5 | -0.75,0.7,0.125,1.25",
                "{'type':'integer','multipleOf':100,'minimum':150,'exclusiveMaximum':400} | 200,300 | 100,150,400,2",
                "{'type':'number','multipleOf':7,'minimum':5,'maximum':8} | 7 | 5,6,8,7.5",
                "{'type':'integer','minimum':99} | 99,100,12345678 | 98,9",
                "{'const':'a\\u00e9'} | \"aé\" | \"a\"",
                "{'type':'string','format':'date'} | \"2026-11-28\" | \"2026-13-01\",\"2026-02-30\"",
                "{'type':['string','null'],'maxLength':1} | null,\"é\",\"\\\"\" | \"ab\",1",
                "{'anyOf':[{'type':'boolean'},{'$ref':'#/$defs/n'}],'$defs':{'n':{'enum':[1,2]}}} | true,1,2 | 3,null",
                "{'type':'string','enum':['x',1,'y']} | \"x\",\"y\" | 1",
                "{'type':'array','prefixItems':[{'const':1}],'items':false} | [],[1] | [2],[1,1]",
                "{'type':'array','items':{'type':'integer'},'minItems':2,'maxItems':3} | [1,2],[1, 2, 3] | [1],[]",
                "{'nullable':true,'type':'boolean'} | null,true | 0",
                "{'oneOf':[{'type':'string'},{'type':'integer'}]} | 3,\"s\" | 3.5",
                "{'allOf':[{'minimum':3},{'type':'integer','maximum':5}]} | 3,5 | 2,6",
            })
    void readsWhatASchemaAllowsAndNothingElse(String schema, String yes, String no) {
        GrammarMachine machine = machine(schema);
        assertThat(split(yes))
                .allSatisfy(text ->
                        assertThat(Grammars.accepts(machine, text)).as(text).isTrue());
        assertThat(split(no))
                .allSatisfy(text ->
                        assertThat(Grammars.accepts(machine, text)).as(text).isFalse());
    }

    /** At commas that are not within brackets. */
    private static List<String> split(String texts) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < texts.length(); i++) {
            char c = texts.charAt(i);
            depth += "[{".indexOf(c) >= 0 ? 1 : "]}".indexOf(c) >= 0 ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(texts.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(texts.substring(from));
        return parts;
    }

    @Test
    void writesPropertiesInOrderAndLeavesOutOptionalOnes() {
        GrammarMachine machine = machine(
                "{'type':'object','properties':{'a':{'const':1},'b':{'const':2},'c':{'const':3}},'required':['b']}");
        for (String good : List.of("{'b':2}", "{'a': 1, 'b':2}", "{\n 'a':1,\n 'b':2,\n 'c':3\n}", "{'b':2,'c':3}")) {
            assertThat(Grammars.accepts(machine, quoted(good))).as(good).isTrue();
        }
        for (String bad :
                List.of("{}", "{'a':1}", "{'b':2,'a':1}", "{'b':2,}", "{,'b':2}", "{'b':2,'d':1}", "{'b':2 ,'c':3}")) {
            assertThat(Grammars.accepts(machine, quoted(bad))).as(bad).isFalse();
        }
    }

    @Test
    void addsOnlyPropertiesThatTheSchemaHasNotNamed() {
        GrammarMachine machine =
                machine("{'type':'object','properties':{'ab':{'const':1}},'additionalProperties':{'type':'boolean'}}");
        for (String good : List.of("{'a':true}", "{'abc':false}", "{'ab':1,'é':true,'b':false}", "{'':true}")) {
            assertThat(Grammars.accepts(machine, quoted(good))).as(good).isTrue();
        }
        for (String bad : List.of("{'ab':true}", "{'a':1}", "{'\\u0061b':true}")) {
            assertThat(Grammars.accepts(machine, quoted(bad))).as(bad).isFalse();
        }
    }

    @Test
    void readsWhatRefersToItself() {
        GrammarMachine machine = machine(
                "{'$ref':'#/$defs/tree','$defs':{'tree':{'type':'object','properties':"
                        + "{'v':{'type':'integer'},'kids':{'type':'array','items':{'$ref':'#/$defs/tree'}}},'required':['v']}}}");
        String deep = "{'v':0,'kids':[".repeat(5_000) + "]}".repeat(5_000);
        assertThat(Grammars.accepts(machine, quoted(deep))).isTrue();
        assertThat(Grammars.accepts(machine, quoted(deep.substring(0, deep.length() - 1))))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'object','properties':{'a':{'not':{}}}} | schema.properties.a.not",
                "{'patternProperties':{}} | schema.patternProperties",
                "{'type':'strin'} | schema.type",
                "{'$ref':'#'} | schema",
                "{'$ref':'#/$defs/none'} | schema.$ref",
                "{'$ref':'http://example.com/s'} | schema.$ref",
                "{'allOf':[{'$ref':'#'}]} | schema",
                "{'allOf':[{'$ref':'#'},{'$ref':'#'}]} | schema",
                "{'anyOf':[{'$ref':'#'},{'type':'null'}]} | schema",
                "{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']} | schema",
                "{'type':'array','uniqueItems':true} | schema.uniqueItems",
                "{'oneOf':[{'type':'integer'},{'type':'number'}]} | schema.oneOf",
                "{'type':'string','minLength':100001} | schema.minLength",
                "{'type':'string','minLength':-1} | schema.minLength",
                "{'type':'string','minLength':3,'maxLength':2} | schema",
                "{'type':'string','pattern':'(a'} | schema.pattern",
                "{'type':'string','pattern':'((a{1000}){1000}){1000}'} | schema.pattern",
                "{'type':'string','format':'iban'} | schema.format",
                "{'type':'number','minimum':'x'} | schema.minimum",
                "{'type':'integer','minimum':2,'maximum':1} | schema",
                "{'enum':[]} | schema",
                "3 | schema",
            })
    void refusesByName(String schema, String field) {
        assertThatExceptionOfType(TernException.class)
                .isThrownBy(() -> machine(schema))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void refusesBombs() {
        String values =
                IntStream.range(0, 100_000).mapToObj(i -> "'v" + i + "'").collect(Collectors.joining(","));
        String references = IntStream.range(0, 3_000)
                .mapToObj(i -> "'d" + i + "':{'allOf':[{'$ref':'#/$defs/d" + (i + 1) + "'},{'$ref':'#/$defs/d" + (i + 1)
                        + "'}]}")
                .collect(Collectors.joining(","));
        for (String bomb : List.of(
                "{'enum':[" + values + "]}",
                "{'$ref':'#/$defs/d0','$defs':{" + references + ",'d3000':{}}}",
                "{'type':'array','minItems':50000,'items':{'type':'array','minItems':50000,'items':{}}}",
                "{'type':'string','maxLength':50000,'pattern':'^(a|b)*a(a|b){30}$'}")) {
            assertThatExceptionOfType(TernException.class).isThrownBy(() -> machine(bomb));
        }
    }

    private static GrammarMachine machine(String schema) {
        return Grammars.machine(Grammar.ofJsonSchema(MAPPER.readTree(quoted(schema)), "schema"));
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
