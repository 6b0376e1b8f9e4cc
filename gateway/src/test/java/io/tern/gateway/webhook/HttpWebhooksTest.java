package io.tern.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tern.gateway.keys.SharedSecret;
import io.tern.jobs.WebhookSender.Outcome;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import io.tern.wire.StrictJson;
import io.tern.wire.jobs.JobsJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class HttpWebhooksTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    @TempDir
    Path folder;

    private record Call(Headers headers, String body) {}

    private final List<Call> calls = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private HttpServer server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        port = server.getAddress().getPort();
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        calls.add(new Call(exchange.getRequestHeaders(), new String(body, StandardCharsets.UTF_8)));
        int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
        exchange.getResponseHeaders().set("Location", "/200");
        exchange.sendResponseHeaders(status, 0);
        exchange.getResponseBody().write(new byte[100_000]);
        exchange.close();
    }

    @Test
    void aCallIsSignedAsStandardWebhooksHasIt() throws Exception {
        Job end = end("http://127.0.0.1:" + port + "/200");
        assertThat(webhooks(Set.of()).send(end)).isEqualTo(Outcome.TAKEN);
        Call call = calls.getFirst();
        assertThat(StrictJson.read(call.body().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(JobsJson.webhook(end));
        assertThat(call.headers().getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(call.headers().getFirst("webhook-id")).isEqualTo("j-1");
        assertThat(call.headers().getFirst("webhook-timestamp")).isEqualTo("1700000000");
        String secret = Files.readString(folder.resolve("webhook-secret")).strip();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
        byte[] expected = mac.doFinal(("j-1.1700000000." + call.body()).getBytes(StandardCharsets.UTF_8));
        assertThat(call.headers().getFirst("webhook-signature"))
                .isEqualTo("v1," + Base64.getEncoder().encodeToString(expected));
        assertThat(registry.counter("tern.webhooks", "outcome", "taken").count())
                .isOne();
    }

    @ParameterizedTest
    @CsvSource({"201,TAKEN", "302,FAILED", "404,FAILED", "410,REFUSED", "500,FAILED"})
    void theStatusSaysWhatBecomesOfIt(int status, Outcome outcome) {
        assertThat(webhooks(Set.of()).send(end("http://localhost:" + port + "/" + status)))
                .isEqualTo(outcome);
        assertThat(calls).hasSize(1); // redirects are not followed
    }

    @Test
    void aServerThatIsNotThereIsCalledAgain() {
        server.stop(0);
        assertThat(webhooks(Set.of()).send(end("http://127.0.0.1:" + port + "/200")))
                .isEqualTo(Outcome.FAILED);
    }

    /** As of a record that somebody put on the topic. */
    @Test
    void anAddressThatMayNotBeCalledIsPassedOver() {
        assertThat(webhooks(Set.of()).send(end("http://127.0.0.2:" + port + "/200")))
                .isEqualTo(Outcome.REFUSED);
        assertThat(calls).isEmpty();
    }

    /** Its name is allowed, and what it stands for is no public address. */
    @Test
    void aNameOfThisMachineIsNotCalled() {
        assertThat(webhooks(Set.of("localhost:" + port)).send(end("https://localhost:" + port + "/200")))
                .isEqualTo(Outcome.FAILED);
        assertThat(calls).isEmpty();
    }

    private HttpWebhooks webhooks(Set<String> allowed) {
        try {
            SharedSecret secret = SharedSecret.open(folder.resolve("webhook-secret"));
            return new HttpWebhooks(new WebhookHosts(allowed, () -> true), secret, () -> NOW, registry);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Job end(String webhook) {
        return Job.newBuilder()
                .setId("j-1")
                .setType("decoding")
                .setState(JobState.SUCCEEDED)
                .setWebhook(webhook)
                .build();
    }
}
