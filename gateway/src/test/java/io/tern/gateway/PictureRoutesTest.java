package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.gateway.TestGateway.Answer;
import io.tern.gateway.TestGateway.Event;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PictureRoutesTest {
    private final TestGateway gateway = TestGateway.shared();

    /** Spring's reader would leave the body, which nobody then releases. */
    @Test
    void aFormWithoutABoundaryIsRefusedBeforeItIsRead() {
        Answer answer = gateway.post("/v1/detections", "whatever", "Content-Type", "multipart/form-data");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/detail").asString()).startsWith("content-type: no boundary");
    }

    @Test
    void picturesComeWhole() {
        Answer answer = gateway.post("/v1/images/generations", "{'prompt':'apple','seed':7}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/data/0/b64_json").asString()).isEqualTo("cG5n");
        assertThat(answer.json().at("/data/0/seed").asInt()).isEqualTo(7);
    }

    @Test
    void picturesComeAsNamedEvents() {
        List<Event> events = gateway.post("/v1/images/generations", "{'prompt':'apple','stream':true}")
                .events();
        assertThat(events.stream().map(Event::name))
                .containsExactly(
                        "image_generation.progress",
                        "image_generation.progress",
                        "image_generation.partial_image",
                        "image_generation.progress",
                        "image_generation.completed");
        assertThat(events).allMatch(event -> event.json().at("/type").asString().equals(event.name()));
        assertThat(events.getLast().json().at("/b64_json").asString()).isEqualTo("cG5n");
    }

    @Test
    void aPictureThatFailsLateEndsWithATypedError() {
        List<Event> events = gateway.post("/v1/images/generations", "{'prompt':'apple','stream':true,'steps':13}")
                .events();
        assertThat(events.getLast().json().at("/error/code").asString()).isEqualTo("internal_error");
        Answer whole = gateway.post("/v1/images/generations", "{'prompt':'apple','steps':13}");
        assertThat(whole.status()).isEqualTo(500);
    }

    @Test
    void aWrongValueIsTheServicesToRefuse() {
        Answer answer = gateway.post("/v1/images/generations", "{'prompt':'x','steps':-1}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/message").asString()).isEqualTo("steps: -1 (expected: 1..1000)");
        assertThat(answer.json().at("/error/param").asString()).isEqualTo("steps");
    }

    @Test
    void aRefusalNamesWhatWasSent() {
        Answer answer = gateway.post("/v1/images/generations", "{'prompt':'x','size':'100x64'}");
        assertThat(answer.json().at("/error/message").asString()).isEqualTo("size: 100 (expected: 64)");
        assertThat(answer.json().at("/error/param").asString()).isEqualTo("size");
    }

    @Test
    void picturesAreEditedByFormOrJson() {
        Answer form = form("/v1/images/edits", part("prompt", "x") + part("seed", "5") + file("image", "abc"));
        assertThat(form.status()).isEqualTo(200);
        assertThat(form.json().at("/data/0/b64_json").asString()).isEqualTo("YWJj");
        assertThat(form.json().at("/data/0/seed").asInt()).isEqualTo(5);
        Answer list = form("/v1/images/edits", part("prompt", "x") + file("image[]", "abc") + file("mask", "m"));
        assertThat(list.json().at("/data/0/b64_json").asString()).isEqualTo("YWJj");
        Answer json = gateway.post("/v1/images/edits", "{'prompt':'x','image':'data:image/png;base64,YWJj'}");
        assertThat(json.json().at("/data/0/b64_json").asString()).isEqualTo("YWJj");
        Answer variation = form("/v1/images/variations", file("image", "abc"));
        assertThat(variation.json().at("/data/0/b64_json").asString()).isEqualTo("YWJj");
    }

    @Test
    void anEditWithoutAPictureIsRefused() {
        Answer answer = form("/v1/images/edits", part("prompt", "x"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/message").asString()).isEqualTo("image: missing (expected: a file)");
        assertThat(answer.json().at("/error/param").asString()).isEqualTo("image");
    }

    @Test
    void aPictureIsReplayed() {
        Answer answer = form("/v1/images/replay", file("image", "abc"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/data/0/b64_json").asString()).isEqualTo("YWJj");
    }

    @Test
    void aLinkGivesThePictureAndNoOtherDoes() {
        Answer answer = gateway.post("/v1/images/generations", "{'prompt':'apple','response_format':'url'}");
        assertThat(answer.json().at("/data/0").has("b64_json")).isFalse();
        URI url = URI.create(answer.json().at("/data/0/url").asString());
        assertThat(url.getHost()).isEqualTo("127.0.0.1");
        String link = url.getRawPath() + "?" + url.getRawQuery();
        Answer picture = gateway.get(link);
        assertThat(picture.status()).isEqualTo(200);
        assertThat(picture.header("Content-Type")).isEqualTo("image/png");
        assertThat(picture.text()).isEqualTo("png");
        String forged = link.substring(0, link.length() - 1) + (link.endsWith("0") ? "1" : "0");
        for (String other : List.of(url.getRawPath(), forged, link.replace("expires=", "expires=9"))) {
            assertThat(gateway.get(other).status()).isEqualTo(404);
        }
    }

    @Test
    void detectionsReadAForm() {
        Answer answer = form(part("threshold", "0.5") + file("image", "abc") + file("image", "abcd"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/data/0/width").asInt()).isEqualTo(3);
        assertThat(answer.json().at("/data/1/width").asInt()).isEqualTo(4);
        assertThat(answer.json().at("/data/0/detections/0/score").asDouble()).isEqualTo(0.5);
    }

    @Test
    void detectionsReadJson() {
        Answer answer = gateway.post("/v1/detections", "{'image':'data:image/png;base64,YWJj'}");
        assertThat(answer.json().at("/data/0/width").asInt()).isEqualTo(3);
        assertThat(answer.json().at("/data/0/detections/0/class").asString()).isEqualTo("cat");
    }

    @Test
    void detectionsRefuseByName() {
        assertProblem(
                form(file("image", "no picture")), "image: unknown format (expected: PNG, JPEG, WebP, GIF or BMP)");
        assertProblem(
                form(part("thresold", "0.5") + file("image", "a")), "thresold: unknown field (nearest: threshold)");
        assertProblem(form(part("threshold", "high") + file("image", "a")), "threshold: high (expected: number)");
        assertProblem(form(part("threshold", "0.5")), "image: missing (expected: a file)");
        assertProblem(form(part("image", "text")), "image: text (expected: a file)");
        assertProblem(
                form("--b\r\nContent-Disposition: form-data\r\n\r\na\r\n"),
                "body: a part without a name (expected: a name for each)");
        assertProblem(form(file("picture", "a")), "body: a file elsewhere (expected: files in field image)");
        assertProblem(
                gateway.post("/v1/detections", "{'image':'http://127.0.0.1/x'}"),
                "image: a URL, and URLs are not fetched (expected: a data: URI of a picture in base64)");
    }

    @Test
    void anotherTypeIsRefusedWithThoseThatAreTaken() {
        for (String path : List.of("/v1/detections", "/v1/images/edits")) {
            Answer answer = gateway.post(path, "a", "Content-Type", "text/plain");
            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.text())
                    .contains("content-type: text/plain (expected: application/json or multipart/form-data)");
        }
    }

    @Test
    void aFormOverTheLimitIsRefused() {
        Answer answer = form(file("image", "x".repeat(33 << 20)));
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().at("/code").asString()).isEqualTo("payload_too_large");
    }

    @Test
    void bodiesThatAreTooMuchTogetherAreRefusedAndForgotten() {
        String largest = file("image", "x".repeat(31 << 20));
        int atOnce = (int) (Runtime.getRuntime().maxMemory() / 8 / (31 << 20)) + 3;
        List<Integer> statuses = IntStream.range(0, atOnce)
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> form(largest).status(), Thread::startVirtualThread))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        assertThat(statuses).contains(200).allMatch(status -> status == 200 || status == 429);
        assertThat(form(largest).status()).isEqualTo(200);
    }

    private static void assertProblem(Answer answer, String detail) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().at("/detail").asString()).isEqualTo(detail);
        assertThat(answer.json().at("/code").asString()).isEqualTo("invalid_argument");
    }

    private Answer form(String parts) {
        return form("/v1/detections", parts);
    }

    private Answer form(String path, String parts) {
        byte[] body = (parts + "--b--\r\n").getBytes(StandardCharsets.UTF_8);
        return gateway.post(path, body, "Content-Type", "multipart/form-data; boundary=b");
    }

    private static String part(String name, String value) {
        return "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(name, value);
    }

    private static String file(String name, String content) {
        return ("--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"x.png\"\r\n"
                        + "Content-Type: image/png\r\n\r\n%s\r\n")
                .formatted(name, content);
    }
}
