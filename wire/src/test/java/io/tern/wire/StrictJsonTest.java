package io.tern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StrictJsonTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void refusesWhatIsNoPlainJson(String name, byte[] body) {
        assertThatThrownBy(() -> StrictJson.object(body)).isInstanceOfSatisfying(TernException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e.getMessage()).startsWith("body: ").hasSizeLessThan(200);
        });
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                        of("empty", ""),
                        of("cut", "{"),
                        of("an array", "[]"),
                        of("a scalar", "1"),
                        of("two values", "{} {}"),
                        of("100k deep arrays", "{\"a\":" + "[".repeat(100_000)),
                        of("100k deep objects", "{\"a\":".repeat(100_000)),
                        of("a number of 10 MB", "{\"a\":" + "9".repeat(10_000_000) + "}"),
                        of("duplicate keys", "{\"a\":1,\"a\":2}"),
                        of("nested duplicate keys", "{\"a\":[{\"b\":1,\"b\":1}]}"),
                        of("half a surrogate pair", "{\"a\":\"\\ud800\"}"),
                        of("the other half", "{\"a\":[\"\\udc00x\"]}"),
                        of("half a pair in a name", "{\"\\ud800\":1}"),
                        of("a raw NUL", "{\"a\":\"\0\"}"),
                        of("a raw line feed", "{\"a\":\"\n\"}"),
                        of("a byte order mark", "\uFEFF{}"),
                        of("NaN", "{\"a\":NaN}"),
                        of("Infinity", "{\"a\":-Infinity}"),
                        of("a leading zero", "{\"a\":01}"),
                        of("a leading plus", "{\"a\":+1}"),
                        of("single quotes", "{'a':1}"),
                        of("a comment", "{/* */}"),
                        of("a trailing comma", "{\"a\":1,}"),
                        of("500k values", "{\"a\":[" + "1,".repeat(500_000) + "1]}"),
                        of("a name of 10k characters", "{\"" + "a".repeat(10_000) + "\":1}"),
                        Stream.of(Arguments.of("not UTF-8", new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'})),
                        Stream.of(Arguments.of("UTF-16", "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE))),
                        Stream.of(Arguments.of(
                                "a surrogate in UTF-8",
                                new byte[] {'{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', ':', '1', '}'})))
                .flatMap(stream -> stream);
    }

    @Test
    void readsWhatIsPlainJson() {
        var node = StrictJson.object("{\"a\": [1, 2.5, \"\\ud83d\\ude00 \\u0000\", true, null, {}]}".getBytes());
        assertThat(StrictJson.text(node)).isEqualTo("{\"a\":[1,2.5,\"\uD83D\uDE00 \\u0000\",true,null,{}]}");
    }

    private static Stream<Arguments> of(String name, String body) {
        return Stream.of(Arguments.of(name, body.getBytes(StandardCharsets.UTF_8)));
    }
}
