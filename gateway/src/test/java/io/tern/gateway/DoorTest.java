package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.gateway.TestGateway.Answer;
import io.tern.gateway.web.RouteTable;
import io.tern.wire.StrictJson;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.node.ObjectNode;

/** What all routes share: headers, health, models, the description, metrics, static files and other servers. */
class DoorTest {
    private final TestGateway gateway = TestGateway.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/page.html",
                "/v1/models",
                "/openapi.json",
                "/nothing",
                "/v1/chat/completions",
                "/upstreams/local/v1/x"
            })
    void everyAnswerIsSafeForBrowsers(String path) {
        Answer answer = gateway.get(path, "Origin", "https://evil.example");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Content-Security-Policy"))
                .contains("default-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(answer.response().headers().allValues("X-Request-Id")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://127.0.0.1:1"})
    void whatAnotherSitesPageSendsIsRefused(String origin) {
        Answer answer = gateway.post("/v1/completions", "{'prompt':'hello'}", "Origin", origin);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.json().at("/error/code").asString()).isEqualTo("forbidden");
    }

    /** A page that has made its own name mean this machine: the browser takes both for one site. */
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example"})
    void aNameThatIsNotOursIsRefusedToo(String host) throws IOException {
        assertThat(answerTo(host)).startsWith("HTTP/1.1 403 ").contains("\"forbidden\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "10.1.2.3"})
    void addressesAndLocalhostAreOurs(String host) throws IOException {
        assertThat(answerTo(host)).startsWith("HTTP/1.1 200 ");
    }

    /** Java's own client lets nobody choose this header. */
    private String answerTo(String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", gateway.port)) {
            String request = "GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whatTheConsoleSendsIsNotRefused() {
        String own = "http://127.0.0.1:" + gateway.port;
        assertThat(gateway.post("/v1/completions", "{'prompt':'hello'}", "Origin", own)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void staticFilesAreServed() {
        Answer answer = gateway.get("/page.html");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/html");
        assertThat(gateway.get("/..%2fapplication.yaml").status()).isIn(400, 404);
        assertThat(gateway.get("/%2e%2e/application.yaml").status()).isIn(400, 404);
    }

    @Test
    void readySpeaksForAllServices() {
        Answer answer = gateway.get("/health/ready");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/status").asString()).isEqualTo("UP");
        assertThat(answer.json().at("/services").propertyNames()).contains("detection", "generation", "decoding");
        assertThat(answer.json().at("/services/decoding/status").asString()).isEqualTo("UP");
        assertThat(gateway.get("/health/live").status()).isEqualTo(200);
        assertThat(gateway.get("/health").text()).isEqualTo(answer.text());
    }

    @Test
    void modelsAreGathered() {
        Answer answer = gateway.get("/v1/models");
        assertThat(answer.json().at("/object").asString()).isEqualTo("list");
        assertThat(answer.json().at("/data").values().stream()
                        .map(model -> model.at("/id").asString()))
                .containsExactly("nanodet", "emoji", "smollm");
        assertThat(gateway.get("/v1/models/emoji").json().at("/capabilities/0").asString())
                .isEqualTo("image");
        Answer unknown = gateway.get("/v1/models/none");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.json().at("/error/code").asString()).isEqualTo("model_not_found");
        assertThat(unknown.json().at("/error/message").asString())
                .isEqualTo("model: none (expected: one of nanodet, emoji, smollm)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models",
                "/v1/models/smollm",
                "/v1/models/none",
                "/health/live",
                "/openapi.json",
                "/page.html"
            })
    void aHeadIsThatOfTheAnswer(String path) {
        Answer whole = gateway.get(path);
        Answer head = gateway.method("HEAD", path);
        assertThat(head.status()).isEqualTo(whole.status());
        assertThat(head.response().body()).isEmpty();
        assertThat(head.header("Content-Type")).isEqualTo(whole.header("Content-Type"));
        assertThat(head.header("Content-Length"))
                .isEqualTo(Integer.toString(whole.response().body().length));
    }

    @Test
    void onlyWhatCanBeReadHasAHead() {
        Answer head = gateway.method("HEAD", "/v1/completions");
        assertThat(head.status()).isEqualTo(405);
        assertThat(head.header("Allow")).isEqualTo("POST");
        assertThat(gateway.method("PUT", "/v1/models").header("Allow")).isEqualTo("GET,HEAD");
    }

    /** Its sender goes on; the answer comes at once, and nobody reads the rest. */
    @Test
    void aBodyFarBeyondTheLimitEndsTheConnection() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", gateway.port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 999999999\r\n\r\n{\"prompt\":")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 413 ").containsIgnoringCase("connection: close\r\n");
        }
    }

    @Test
    void theDescriptionHasExactlyTheRoutes() {
        var described = gateway.get("/openapi.json").json();
        assertThat(described.at("/openapi").asString()).startsWith("3.1.");
        Set<String> routes = gateway.context.getBean(RouteTable.class).endpoints().stream()
                .flatMap(endpoint -> endpoint.methods().stream()
                        .filter(method -> method != HttpMethod.HEAD) // which GET says
                        .map(method -> method.name() + " " + endpoint.pattern()))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> operations = new TreeSet<>();
        described
                .at("/paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> operations.add(method.toUpperCase() + " " + path.getKey())));
        assertThat(operations).isEqualTo(routes);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,ChatRequest",
        "/v1/completions,CompletionRequest",
        "/v1/responses,ResponseRequest",
        "/v1/images/generations,ImagesRequest",
        "/v1/detections,DetectionsRequest",
        "/v1/embeddings,EmbeddingsRequest",
        "/v1/similar,SimilarRequest"
    })
    void eachDescribedFieldIsKnown(String path, String schema) {
        var described = gateway.get("/openapi.json").json();
        var names =
                described.at("/components/schemas/" + schema + "/properties").propertyNames();
        assertThat(names).hasSizeGreaterThan(4);
        for (String name : names) {
            ObjectNode body = StrictJson.newObject();
            body.putArray("messages").addObject().put("role", "user").put("content", "x");
            if (!schema.equals("ChatRequest")) {
                body.remove("messages");
                body.put("prompt", "x");
            }
            if (schema.equals("ResponseRequest")) {
                body.remove("prompt");
                body.put("input", "x");
            }
            body.set(name, StrictJson.newObject().put("no", "value"));
            assertThat(gateway.post(path, StrictJson.bytes(body)).text())
                    .as(name)
                    .doesNotContain("\"" + name + ": unknown field");
        }
    }

    @Test
    void metricsAreOnTheManagementPortAndLittleElse() throws IOException, InterruptedException {
        gateway.get("/v1/models");
        String metrics = management("/metrics").body();
        assertThat(metrics)
                .contains(
                        "http_server_requests_seconds_count",
                        "tern_gateway_streams_live",
                        "tern_gateway_grpc_calls_live");
        assertThat(management("/health").statusCode()).isEqualTo(200);
        for (String path : new String[] {
            "/env", "/gateway", "/gateway/routes", "/heapdump", "/loggers", "/shutdown", "/beans", "/actuator"
        }) {
            assertThat(management(path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(gateway.get("/metrics").status()).isEqualTo(404);
    }

    @Test
    void otherServersAreReachedByName() {
        Answer answer = gateway.post(
                "/upstreams/local/v1/chat/completions?a=b", "{'x':1}", "X-Request-Id", "door-1", "Cookie", "secret=1");
        assertThat(answer.text()).isEqualTo("POST /base/v1/chat/completions?a=b id=door-1 cookie=null {\"x\":1}");
        assertThat(answer.header("X-Request-Id")).isEqualTo("door-1");
        assertThat(answer.header("Set-Cookie")).isEmpty();
        Answer gone = gateway.get("/upstreams/gone/v1/models");
        assertThat(gone.status()).isEqualTo(503);
        assertThat(gone.text()).doesNotContain("127.0.0.1").contains("the server behind cannot be reached");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"v1/../admin", "v1/%2e%2e/admin", "v1/x/..;a=b/../../admin", "v1/%2E./admin", "v1/..%2fadmin"})
    void noPathLeadsOutOfAnotherServersApi(String path) {
        Answer answer = gateway.get("/upstreams/local/" + path);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).contains("request_id");
    }

    private HttpResponse<String> management(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + gateway.managementPort + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
