package io.tern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldsTest {
    @Test
    void readsEachTypeOfAnObject() {
        Fields fields = Fields.of(
                Bodies.body(
                        "{'s':'x','i':-7,'l':9223372036854775807,'d':0.5,'b':true,'t':['a','b'],'ids':[1,2],'raw':'AQI=','o':{'k':1}}"));
        assertThat(fields.text("s")).contains("x");
        assertThat(fields.int32("i")).contains(-7);
        assertThat(fields.int64("l")).contains(Long.MAX_VALUE);
        assertThat(fields.number("d")).contains(0.5);
        assertThat(fields.number("i")).contains(-7.0);
        assertThat(fields.flag("b")).contains(true);
        assertThat(fields.texts("t")).containsExactly("a", "b");
        assertThat(fields.texts("s")).containsExactly("x");
        assertThat(fields.int32s("ids")).containsExactly(1, 2);
        assertThat(fields.base64("raw").orElseThrow()).containsExactly(1, 2);
        assertThat(fields.object("o").orElseThrow().int32("k")).contains(1);
        fields.refuseUnknown();
    }

    @Test
    void readsEachTypeOfAForm() {
        Fields fields = Fields.form(Map.of("s", "x", "i", " 7 ", "d", "0.25", "b", "false", "t", "cat, dog,", "e", ""));
        assertThat(fields.text("s")).contains("x");
        assertThat(fields.int32("i")).contains(7);
        assertThat(fields.number("d")).contains(0.25);
        assertThat(fields.flag("b")).contains(false);
        assertThat(fields.texts("t")).containsExactly("cat", "dog");
        assertThat(fields.text("e")).isEmpty();
        fields.refuseUnknown();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'x':'1'}|x: 1 (expected: integer, -2147483648..2147483647)",
                "{'x':1.5}|x: 1.5 (expected: integer, -2147483648..2147483647)",
                "{'x':2147483648}|x: 2147483648 (expected: integer, -2147483648..2147483647)",
                "{'x':1e3}|x: 1000.0 (expected: integer, -2147483648..2147483647)",
                "{'x':[1]}|x: array (expected: integer, -2147483648..2147483647)",
                "{'x':{}}|x: object (expected: integer, -2147483648..2147483647)",
                "{'x':true}|x: true (expected: integer, -2147483648..2147483647)",
            })
    void namesFieldAndExpectedType(String body, String message) {
        assertRefused(body, fields -> fields.int32("x"), message);
    }

    @Test
    void refusesIntegersBeyond64BitsAndNumbersThatAreNotFinite() {
        assertRefused(
                "{'seed':9223372036854775808}",
                fields -> fields.int64("seed"),
                "seed: 9223372036854775808 (expected: integer, -2^63..2^63-1)");
        assertRefused("{'t':1e400}", fields -> fields.number("t"), "t: Infinity (expected: number)");
        assertThatThrownBy(() -> Fields.form(Map.of("t", "NaN")).number("t")).hasMessage("t: NaN (expected: number)");
    }

    @Test
    void nullIsAbsent() {
        Fields fields = Fields.of(Bodies.body("{'x':null,'unknown':null}"));
        assertThat(fields.int32("x")).isEmpty();
        fields.refuseUnknown();
    }

    @Test
    void refusesUnknownFieldsAndNamesTheNearest() {
        Consumer<Fields> read = fields -> {
            fields.int32("max_tokens");
            fields.text("model");
            fields.refuseUnknown();
        };
        assertRefused("{'max_token':1}", read, "max_token: unknown field (nearest: max_tokens)");
        assertRefused("{'colour':1}", read, "colour: unknown field (expected: one of max_tokens, model)");
        assertRefused("{'a\\u001b[31m\\n':1}", read, "a?[31m?: unknown field (expected: one of max_tokens, model)");
    }

    @Test
    void refusesWhatIsNotBuiltUnlessItIsEmpty() {
        assertRefused("{'tools':[{}]}", fields -> fields.refuse("tools"), "tools: not supported by this server");
        Fields.of(Bodies.body("{'tools':[],'audio':null,'x':{}}")).refuse("tools", "audio", "x");
    }

    @Test
    void acceptsOnlyNeutralValues() {
        Fields.of(Bodies.body("{'n':1}")).onlyNeutral("n", 1);
        assertRefused(
                "{'n':2}", fields -> fields.onlyNeutral("n", 1), "n: 2 is not supported by this server (supported: 1)");
    }

    private static void assertRefused(String body, Consumer<Fields> read, String message) {
        assertThatThrownBy(() -> read.accept(Fields.of(Bodies.body(body))))
                .isInstanceOf(TernException.class)
                .hasMessage(message);
    }
}
