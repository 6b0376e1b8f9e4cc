package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Sha256;
import io.tern.gateway.TestGateway.Answer;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** {@code /v1/files}, with callers that are told apart and little room. */
class FileRoutesTest {
    private static final String MINE = "Bearer mine";
    private static final String THEIRS = "Bearer theirs";
    private static final String FULL = "Bearer full";

    @TempDir
    private static Path data;

    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        Files.write(
                data.resolve("keys"),
                Stream.of("mine", "theirs", "full")
                        .map(name -> name + " " + Sha256.of(name))
                        .toList());
        gateway = launch();
    }

    private static TestGateway launch() {
        return new TestGateway(
                "--tern.data-directory=" + data, "--tern.files.max-size=1000B", "--tern.files.quota=2500B");
    }

    @AfterAll
    static void stop() {
        gateway.context.close();
    }

    private static Answer upload(UploadForm form, String key) {
        return gateway.post("/v1/files", form.bytes(), "Content-Type", UploadForm.TYPE, "Authorization", key);
    }

    private static JsonNode uploaded(String lines) {
        Answer answer = upload(UploadForm.ofLines(lines), MINE);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static void delete(JsonNode file) {
        Answer gone = gateway.send(gateway.request("/v1/files/" + id(file), "Authorization", MINE)
                .DELETE()
                .build());
        assertThat(gone.json().at("/deleted").asBoolean()).isTrue();
        assertThat(gone.json().at("/id").asString()).isEqualTo(id(file));
    }

    private static String id(JsonNode file) {
        return file.at("/id").asString();
    }

    private static Answer mine(String path) {
        return gateway.get(path, "Authorization", MINE);
    }

    @Test
    void whatWasSentComesBackUntilItIsDeleted() {
        JsonNode file = uploaded("{\"a\": \"ö\"}\n");
        assertThat(id(file)).matches("file-[0-9a-z]{26}-[0-9a-f]{12}");
        assertThat(file.at("/object").asString()).isEqualTo("file");
        assertThat(file.at("/bytes").asInt()).isEqualTo(12);
        assertThat(file.at("/filename").asString()).isEqualTo("lines.jsonl");
        assertThat(file.at("/purpose").asString()).isEqualTo("batch");
        assertThat(file.at("/expires_at").asLong() - file.at("/created_at").asLong())
                .isEqualTo(2_592_000);
        assertThat(mine("/v1/files/" + id(file)).json()).isEqualTo(file);

        Answer content = mine("/v1/files/" + id(file) + "/content");
        assertThat(content.text()).isEqualTo("{\"a\": \"ö\"}\n");
        assertThat(content.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(content.header("Content-Disposition"))
                .startsWith("attachment;")
                .contains("lines.jsonl");
        Answer head = gateway.send(gateway.request("/v1/files/" + id(file) + "/content", "Authorization", MINE)
                .method("HEAD", BodyPublishers.noBody())
                .build());
        assertThat(head.header("Content-Length"))
                .isEqualTo(Integer.toString(content.response().body().length));
        assertThat(head.response().body()).isEmpty();

        delete(file);
        for (String path : List.of("", "/content")) {
            Answer answer = mine("/v1/files/" + id(file) + path);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json().at("/error/code").asString()).isEqualTo("not_found");
        }
        assertThat(data.resolve("files/files/" + id(file))).doesNotExist();
    }

    @Test
    void aFileIsItsSendersOwn() {
        JsonNode file = uploaded("x\n");
        for (String path : List.of("", "/content")) {
            assertThat(gateway.get("/v1/files/" + id(file) + path, "Authorization", THEIRS)
                            .status())
                    .isEqualTo(404);
            assertThat(gateway.get("/v1/files/" + id(file) + path).status()).isEqualTo(401);
        }
        Answer delete = gateway.send(gateway.request("/v1/files/" + id(file), "Authorization", THEIRS)
                .DELETE()
                .build());
        assertThat(delete.status()).isEqualTo(404);
        assertThat(gateway.get("/v1/files", "Authorization", THEIRS).text()).doesNotContain(id(file));
        assertThat(mine("/v1/files").text()).contains(id(file));
        delete(file);
    }

    @Test
    void listsArePagedInBothDirections() {
        List<JsonNode> files =
                Stream.of("1", "2", "3").map(FileRoutesTest::uploaded).toList();
        List<String> ids = files.stream().map(FileRoutesTest::id).toList();
        JsonNode newest = mine("/v1/files?limit=2&purpose=batch").json();
        assertThat(newest.at("/has_more").asBoolean()).isTrue();
        assertThat(ids(newest)).containsExactly(ids.get(2), ids.get(1));
        assertThat(newest.at("/last_id").asString()).isEqualTo(ids.get(1));
        assertThat(ids(mine("/v1/files?limit=2&after=" + ids.get(1)).json())).containsExactly(ids.get(0));
        assertThat(ids(mine("/v1/files?order=asc").json())).containsExactlyElementsOf(ids);
        assertThat(ids(mine("/v1/files?order=asc&after=" + ids.get(0)).json())).containsExactly(ids.get(1), ids.get(2));
        assertThat(ids(mine("/v1/files?purpose=batch_output").json())).isEmpty();
        files.forEach(FileRoutesTest::delete);
    }

    private static List<String> ids(JsonNode list) {
        return list.at("/data").valueStream().map(FileRoutesTest::id).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=0      | limit: 0 (expected: 1..10000)",
                "limit=x      | limit: x (expected: integer",
                "order=up     | order: up (expected: asc or desc)",
                "colour=green | colour: unknown field",
            })
    void aWrongQuestionIsToldWhatWasExpected(String query, String told) {
        Answer answer = mine("/v1/files?" + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/message").asString()).startsWith(told);
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> wrong() {
        return Stream.of(
                wrong(
                        new UploadForm().file("file", "a", "x").field("purpose", "fine-tune"),
                        "purpose: fine-tune (expected: batch",
                        "purpose"),
                wrong(new UploadForm().file("file", "a", "x"), "purpose: missing (expected: batch", "purpose"),
                wrong(new UploadForm().field("purpose", "batch"), "file: missing (expected: a file)", "file"),
                wrong(new UploadForm().field("purpose", "batch").field("file", "x"), "file: text", "file"),
                wrong(UploadForm.ofLines("x").file("file", "b", "y"), "file: several", "file"),
                wrong(UploadForm.ofLines("x").field("purpose", "batch"), "purpose: several", "purpose"),
                wrong(new UploadForm().file("other", "a", "x").field("purpose", "batch"), "body: a file else", "body"),
                wrong(UploadForm.ofLines("x").field("colour", "green"), "colour: unknown field", "colour"),
                wrong(
                        UploadForm.ofLines("x").field("expires_after[anchor]", "now"),
                        "expires_after[anchor]: now (expected: created_at)",
                        "expires_after[anchor]"),
                wrong(
                        UploadForm.ofLines("x").field("expires_after[anchor]", "created_at"),
                        "expires_after[seconds]: missing",
                        "expires_after[seconds]"),
                wrong(
                        UploadForm.ofLines("x")
                                .field("expires_after[anchor]", "created_at")
                                .field("expires_after[seconds]", "3599"),
                        "expires_after[seconds]: 3599 (expected: 3600..2592000)",
                        "expires_after[seconds]"),
                wrong(
                        new UploadForm().file("file", "n".repeat(256), "x").field("purpose", "batch"),
                        "filename: 256",
                        "filename"));
    }

    private static org.junit.jupiter.params.provider.Arguments wrong(UploadForm form, String told, String param) {
        return org.junit.jupiter.params.provider.Arguments.of(told, form, param);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void aWrongFormKeepsNothing(String told, UploadForm form, String param) throws IOException {
        Answer answer = upload(form, THEIRS);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().at("/error/message").asString()).startsWith(told);
        assertThat(answer.json().at("/error/param").asString()).isEqualTo(param);
        nothingIsLeft(THEIRS);
    }

    /** What the caller has is nothing, and so is what lies under temporary names. */
    private static void nothingIsLeft(String key) throws IOException {
        assertThat(gateway.get("/v1/files", "Authorization", key).json().at("/data"))
                .isEmpty();
        try (Stream<Path> left = Files.list(data.resolve("files/tmp"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFileBeyondTheLimitIsRefused() throws IOException {
        Answer answer = upload(UploadForm.ofLines("x".repeat(1_001)), THEIRS);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().at("/error/message").asString())
                .isEqualTo("file: too large (expected: at most 1000 bytes)");
        nothingIsLeft(THEIRS);
    }

    @Test
    void filesTogetherHaveAQuota() {
        for (int i = 0; i < 2; i++) {
            assertThat(upload(UploadForm.ofLines("x".repeat(1_000)), FULL).status())
                    .isEqualTo(200);
        }
        Answer third = upload(UploadForm.ofLines("x".repeat(501)), FULL);
        assertThat(third.status()).isEqualTo(413);
        assertThat(third.json().at("/error/message").asString()).contains("at most 2500 bytes in all files together");
        JsonNode mine = uploaded("x".repeat(1_000)); // another's room is another's
        delete(mine);
        assertThat(upload(UploadForm.ofLines("x".repeat(500)), FULL).status()).isEqualTo(200);
    }

    @Test
    void anotherTypeOrABrokenFormIsRefused() throws IOException {
        assertThat(gateway.post("/v1/files", "{}", "Authorization", THEIRS).status())
                .isEqualTo(415);
        assertThat(gateway.post(
                                "/v1/files",
                                "x".getBytes(StandardCharsets.UTF_8),
                                "Content-Type",
                                "multipart/form-data",
                                "Authorization",
                                THEIRS)
                        .status())
                .isEqualTo(400);
        byte[] whole = UploadForm.ofLines("x".repeat(500)).bytes();
        byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 100);
        Answer answer = gateway.post("/v1/files", cut, "Content-Type", UploadForm.TYPE, "Authorization", THEIRS);
        assertThat(answer.status()).isEqualTo(400);
        nothingIsLeft(THEIRS);
    }

    @Test
    void aClientThatLeavesInTheMiddleLeavesNothing() throws Exception {
        byte[] whole = UploadForm.ofLines("x".repeat(900)).bytes();
        try (Socket socket = new Socket("127.0.0.1", gateway.port)) {
            String head = "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + THEIRS
                    + "\r\nContent-Type: " + UploadForm.TYPE + "\r\nContent-Length: " + whole.length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(whole, 0, 500);
            Until.holds(() -> temporary() == 1);
        }
        Until.holds(() -> temporary() == 0);
    }

    private static long temporary() throws IOException {
        try (Stream<Path> left = Files.list(data.resolve("files/tmp"))) {
            return left.count();
        }
    }

    @Test
    void filesOutliveTheGateway() {
        JsonNode file = uploaded("lasting\n");
        gateway.context.close();
        gateway = launch();
        assertThat(mine("/v1/files/" + id(file)).json()).isEqualTo(file);
        assertThat(mine("/v1/files/" + id(file) + "/content").text()).isEqualTo("lasting\n");
        delete(file);
    }
}
