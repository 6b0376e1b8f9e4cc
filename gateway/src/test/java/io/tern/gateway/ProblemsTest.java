package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.gateway.TestGateway.Answer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemsTest {
    private final TestGateway gateway = TestGateway.shared();

    @ParameterizedTest
    @CsvSource({
        "error-INVALID_ARGUMENT,400,invalid_argument,invalid_request_error,''",
        "error-MODEL_NOT_FOUND,404,model_not_found,invalid_request_error,''",
        "error-NOT_FOUND,404,not_found,invalid_request_error,''",
        "error-PAYLOAD_TOO_LARGE,413,payload_too_large,invalid_request_error,''",
        "error-UNSUPPORTED_MEDIA_TYPE,415,unsupported_media_type,invalid_request_error,''",
        "error-IDEMPOTENCY_CONFLICT,422,idempotency_conflict,invalid_request_error,''",
        "error-DEADLINE_EXCEEDED,504,deadline_exceeded,server_error,''",
        "error-OVERLOADED,429,overloaded,rate_limit_error,1",
        "error-UNAVAILABLE,503,unavailable,server_error,1",
        "error-POISON,500,poison,server_error,''",
        "error-INTERNAL_ERROR,500,internal_error,server_error,''",
        "status-INVALID_ARGUMENT,400,invalid_argument,invalid_request_error,''",
        "status-NOT_FOUND,404,not_found,invalid_request_error,''",
        "status-ALREADY_EXISTS,409,conflict,invalid_request_error,''",
        "status-RESOURCE_EXHAUSTED,429,too_many_requests,rate_limit_error,1",
        "status-PERMISSION_DENIED,403,forbidden,permission_error,''",
        "status-UNAUTHENTICATED,401,unauthorized,authentication_error,''",
        "status-UNAVAILABLE,503,unavailable,server_error,1",
        "status-DEADLINE_EXCEEDED,504,deadline_exceeded,server_error,''",
        "status-UNIMPLEMENTED,501,internal_error,server_error,''",
        "status-DATA_LOSS,500,internal_error,server_error,''",
        "fail,500,internal_error,server_error,''",
    })
    void mapsStatuses(String prompt, int status, String code, String type, String retryAfter) {
        Answer answer = gateway.post("/v1/completions", "{'prompt':'" + prompt + "'}");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().at("/error/code").asString()).isEqualTo(code);
        assertThat(answer.json().at("/error/type").asString()).isEqualTo(type);
        assertThat(answer.json().at("/request_id").asString()).isEqualTo(answer.header("X-Request-Id"));
        assertThat(answer.header("Retry-After")).isEqualTo(retryAfter);
        assertThat(answer.text()).doesNotContain("secret", "10.0.0.1", "Exception", "at io.");
        if (prompt.startsWith("error-")) {
            assertThat(answer.json().at("/error/param").asString()).isEqualTo("temperature");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileBodies")
    void refusesHostileJson(String name, byte[] body) {
        for (String path : new String[] {"/v1/chat/completions", "/v1/images/generations", "/v1/detections"}) {
            Answer answer = gateway.post(path, body);
            assertThat(answer.status()).as(path).isIn(400, 413);
            assertThat(answer.header("X-Request-Id")).isNotEmpty();
            assertThat(answer.text())
                    .hasSizeLessThan(600)
                    .contains("\"code\":\"")
                    .doesNotContainPattern("Exception|tools\\.jackson|at io\\.|\\.java|127\\.0\\.0\\.1");
        }
    }

    static Stream<Arguments> hostileBodies() {
        return Stream.of(
                Arguments.of("empty", new byte[0]),
                Arguments.of("cut", bytes("{")),
                Arguments.of("array", bytes("[]")),
                Arguments.of("100k deep", bytes("{\"a\":".repeat(100_000))),
                Arguments.of("number of 900 kB", bytes("{\"a\":" + "9".repeat(900_000) + "}")),
                Arguments.of("duplicate keys", bytes("{\"prompt\":\"a\",\"prompt\":\"b\"}")),
                Arguments.of("not UTF-8", new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'}),
                Arguments.of("half a pair", bytes("{\"prompt\":\"\\ud800\"}")),
                Arguments.of("raw NUL", bytes("{\"prompt\":\"\0\"}")),
                Arguments.of("byte order mark", bytes("\uFEFF{}")),
                Arguments.of("NaN", bytes("{\"temperature\":NaN}")),
                Arguments.of("terminal escapes in a name", bytes("{\"\\u001b[31m\\r\\n\":1}")),
                Arguments.of("half a pair in a name", bytes("{\"\\udc00\":1}")));
    }

    @Test
    void aPromptOfAMillionCharactersIsRefusedAtTheDoor() {
        Answer answer = gateway.post("/v1/completions", "{'prompt':'" + "x".repeat(1_000_000) + "'}");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().at("/error/code").asString()).isEqualTo("payload_too_large");
    }

    @Test
    void aBodyWithoutALengthIsCountedToo() {
        var body = java.net.http.HttpRequest.BodyPublishers.ofInputStream(
                () -> new java.io.ByteArrayInputStream(("{\"prompt\":\"" + "x".repeat(1_000_000) + "\"}").getBytes()));
        Answer answer = gateway.send(gateway.request("/v1/completions", "Content-Type", "application/json")
                .POST(body)
                .build());
        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void anotherMediaTypeIsRefused() {
        Answer answer =
                gateway.post("/v1/completions", bytes("prompt=x"), "Content-Type", "application/x-www-form-urlencoded");
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.json().at("/error/code").asString()).isEqualTo("unsupported_media_type");
        assertThat(gateway.post("/v1/completions", bytes("{}"), "Content-Type", "text/;;")
                        .status())
                .isIn(400, 415);
        assertThat(gateway.post("/v1/completions", bytes("{}"), "Content-Encoding", "gzip")
                        .status())
                .isEqualTo(415);
        assertThat(gateway.post("/v1/detections", bytes("x"), "Content-Type", "multipart/form-data")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void anotherMethodIsToldWhatIsAllowed() {
        Answer answer = gateway.method("PUT", "/v1/chat/completions");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("POST");
        assertThat(answer.json().at("/error/code").asString()).isEqualTo("method_not_allowed");
        assertThat(gateway.method("DELETE", "/health/live").json().at("/code").asString())
                .isEqualTo("method_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/nothing",
                "/v1/audio/speech",
                "/nothing",
                "/actuator",
                "/actuator/gateway/routes",
                "/upstreams/none/v1/x"
            })
    void anUnknownPathIsTyped(String path) {
        Answer answer = gateway.get(path);
        assertThat(answer.status()).isEqualTo(404);
        String pointer = path.startsWith("/v1") || path.startsWith("/upstreams") ? "/error/code" : "/code";
        assertThat(answer.json().at(pointer).asString()).isEqualTo("not_found");
    }

    @Test
    void aHarmfulRequestIdIsReplaced() {
        String made = gateway.get("/health/live", "X-Request-Id", "a b;c").header("X-Request-Id");
        assertThat(made).matches("[A-Za-z0-9._-]{1,64}").isNotEqualTo("a b;c");
        String cut = gateway.get("/health/live", "X-Request-Id", "x".repeat(65)).header("X-Request-Id");
        assertThat(cut).hasSizeLessThanOrEqualTo(64);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
