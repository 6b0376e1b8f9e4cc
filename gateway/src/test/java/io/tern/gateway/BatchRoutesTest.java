package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Sha256;
import io.tern.gateway.TestGateway.Answer;
import io.tern.wire.StrictJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code /v1/batches} over the wire, to services that are scripted. */
@Timeout(120)
class BatchRoutesTest {
    private static final String MINE = "Bearer mine";
    private static final String THEIRS = "Bearer theirs";

    @TempDir
    private static Path data;

    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        Files.write(
                data.resolve("keys"),
                List.of("mine " + Sha256.of("mine") + " steps=30", "theirs " + Sha256.of("theirs")));
        gateway = new TestGateway("--tern.data-directory=" + data);
    }

    @AfterAll
    static void stop() {
        gateway.context.close();
    }

    private static String line(String id, String url, String singleQuotedBody) {
        return ("{'custom_id':'" + id + "','method':'POST','url':'" + url + "','body':" + singleQuotedBody + "}")
                .replace('\'', '"');
    }

    private static String upload(String lines, String key) {
        Answer answer = gateway.post(
                "/v1/files", UploadForm.ofLines(lines).bytes(), "Content-Type", UploadForm.TYPE, "Authorization", key);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().at("/id").asString();
    }

    private static Answer create(String file, String url, String more) {
        return gateway.post(
                "/v1/batches",
                "{'input_file_id':'" + file + "','endpoint':'" + url + "','completion_window':'24h'" + more + "}",
                "Authorization",
                MINE);
    }

    private static JsonNode end(String lines, String url) throws Exception {
        Answer made = create(upload(lines, MINE), url, "");
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        return end(made.json().at("/id").asString());
    }

    private static JsonNode end(String id) throws Exception {
        Until.holds(() -> List.of("completed", "failed", "cancelled", "expired").contains(status(id)));
        return mine("/v1/batches/" + id).json();
    }

    private static String status(String id) {
        return mine("/v1/batches/" + id).json().at("/status").asString();
    }

    private static Answer mine(String path) {
        return gateway.get(path, "Authorization", MINE);
    }

    private static List<JsonNode> content(JsonNode batch, String field) {
        Answer content = mine("/v1/files/" + batch.path(field).asString() + "/content");
        assertThat(content.status()).isEqualTo(200);
        return content.text()
                .lines()
                .map(line -> StrictJson.read(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    @Test
    void linesReachTheServiceAsWhatNobodyWaitsFor() throws Exception {
        end(line("a", "/v1/completions", "{'prompt':'a patient line'}"), "/v1/completions");
        gateway.services.decoding.marks.await("priority batch of a patient line");
        gateway.post("/v1/completions", "{'prompt':'a person'}", "Authorization", MINE);
        gateway.services.decoding.marks.await("priority live of a person");
    }

    /** What each of the routes answers, and what it refuses by its name. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chat/completions   | {'messages':[{'role':'user','content':'hello'}]} | chat.completion | temperature",
                "/v1/completions        | {'prompt':'hello'}                               | text_completion | temperature",
                "/v1/responses          | {'input':'hello'}                                | response        | temperature",
                "/v1/embeddings         | {'input':'hello'}                                | list            | dimensions",
                "/v1/images/generations | {'prompt':'apple','steps':5}                     | ''              | eta",
                "/v1/detections         | {'image':'data:image/png;base64,AAAA'}           | ''              | threshold",
            })
    void aLineIsAnsweredAsItsRouteAnswers(String url, String body, String object, String field) throws Exception {
        JsonNode batch = end(line("a", url, body) + "\n" + line("b", url, body), url);
        assertThat(batch.at("/status").asString()).as(batch.toString()).isEqualTo("completed");
        List<JsonNode> answers = content(batch, "output_file_id");
        assertThat(answers)
                .extracting(answer -> answer.at("/custom_id").asString())
                .containsExactlyInAnyOrder("a", "b");
        JsonNode direct = gateway.post(url, body, "Authorization", MINE).json();
        for (JsonNode answer : answers) {
            assertThat(answer.at("/response/status_code").asInt()).isEqualTo(200);
            JsonNode answered = answer.at("/response/body");
            assertThat(answered.propertyNames()).containsExactlyElementsOf(direct.propertyNames());
            assertThat(answered.path("object").asString("")).isEqualTo(object);
        }
        assertThat(batch.at("/error_file_id").isNull()).isTrue();
        assertThat(batch.at("/usage/total_tokens").asInt())
                .isEqualTo(2 * direct.at("/usage/total_tokens").asInt(0));

        JsonNode failed = end(line("a", url, body.replaceFirst("}$", ",'" + field + "':'much'}")), url);
        assertThat(failed.at("/status").asString()).isEqualTo("completed");
        assertThat(failed.at("/output_file_id").isNull()).isTrue();
        JsonNode error = content(failed, "error_file_id").getFirst();
        assertThat(error.at("/response/status_code").asInt()).isEqualTo(400);
        assertThat(error.at("/response/body/error/param").asString()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chat/completions   | {'messages':[{'role':'user','content':'x'}],'stream':true} | stream: true (expected: false",
                "/v1/responses          | {'input':'x','stream':true}                   | stream: true (expected: false",
                "/v1/images/generations | {'prompt':'x','stream':true}                  | stream: true (expected: false",
                "/v1/images/generations | {'prompt':'x','response_format':'url'}        | response_format: url (expected: b64_json",
                "/v1/images/generations | {'prompt':'x','steps':31}                     | steps: 31 (expected: at most 30 for this key)",
                "/v1/detections         | {'image':'https://example.org/a.png'}         | image: ",
            })
    void whatOnlyAListenerCanHaveIsRefused(String url, String body, String told) throws Exception {
        JsonNode batch = end(line("a", url, body), url);
        assertThat(content(batch, "error_file_id")
                        .getFirst()
                        .at("/response/body/error/message")
                        .asString())
                .startsWith(told);
    }

    @Test
    void aFileWithALineOfAnotherRouteFailsWhole() throws Exception {
        String url = "/v1/completions";
        JsonNode failed = end(
                line("a", url, "{'prompt':'hello'}") + "\n" + line("b", "/v1/embeddings", "{'input':'hello'}"), url);
        assertThat(failed.at("/status").asString()).isEqualTo("failed");
        assertThat(failed.at("/failed_at").asLong()).isPositive();
        assertThat(failed.at("/errors/object").asString()).isEqualTo("list");
        assertThat(failed.at("/errors/data").toString())
                .isEqualTo("[{\"code\":\"invalid_url\",\"message\":\"url: /v1/embeddings (expected: /v1/completions)\","
                        + "\"param\":\"url\",\"line\":2}]");
        assertThat(failed.at("/output_file_id").isNull()).isTrue();
        assertThat(failed.at("/error_file_id").isNull()).isTrue();
    }

    @Test
    void linesThatFailLieInAFileOfTheirOwn() throws Exception {
        String url = "/v1/completions";
        JsonNode batch = end(
                Stream.of("hello", "error-INVALID_ARGUMENT", "error-INTERNAL_ERROR")
                        .map(prompt -> line(prompt, url, "{'prompt':'" + prompt + "'}"))
                        .reduce("", (lines, line) -> lines + line + "\n"),
                url);
        assertThat(batch.at("/request_counts").toString()).isEqualTo("{\"total\":3,\"completed\":1,\"failed\":2}");
        assertThat(content(batch, "error_file_id"))
                .allSatisfy(error -> assertThat(error.at("/error").isNull()).isTrue())
                .extracting(error -> error.at("/custom_id").asString() + " "
                        + error.at("/response/status_code").asInt() + " "
                        + error.at("/response/body/error/code").asString())
                .containsExactlyInAnyOrder(
                        "error-INVALID_ARGUMENT 400 invalid_argument", "error-INTERNAL_ERROR 500 internal_error");
        assertThat(batch.at("/usage/total_tokens").asInt())
                .isEqualTo(batch.at("/usage/input_tokens").asInt()
                        + batch.at("/usage/output_tokens").asInt())
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                       | input_file_id: missing",
                "{'input_file_id':'f'}                                    | endpoint: missing (expected: one of /v1/chat/completions,",
                "{'input_file_id':'f','endpoint':'/v1/moderations'}         | endpoint: /v1/moderations (expected: one of",
                "{'input_file_id':'f','endpoint':'/v1/embeddings'}        | completion_window: missing (expected: 24h, or another",
                "{'input_file_id':'f','endpoint':'/v1/embeddings','completion_window':'8d'} | completion_window: 8d (expected:",
                "{'input_file_id':'f','endpoint':'/v1/embeddings','completion_window':'24'} | completion_window: 24 (expected:",
                "{'input_file_id':'f','endpoint':'/v1/embeddings','completion_window':'24h','metadata':{'a':1}} | metadata.a: NUMBER (expected: a string)",
                "{'input_file_id':'f','endpoint':'/v1/embeddings','completion_window':'24h','metadata':[]} | metadata: array (expected:",
                "{'input_file_id':'f','endpoint':'/v1/embeddings','completion_window':'24h','output_expires_after':{'anchor':'created_at','seconds':1}} | output_expires_after.seconds: 1 (expected: 3600..2592000)",
                "{'input_file_id':'f','endpoint':'/v1/embeddings','completion_window':'24h','colour':1} | colour: unknown field",
            })
    void aWrongOrderIsToldWhatWasExpected(String body, String told) {
        Answer answer = gateway.post("/v1/batches", body, "Authorization", MINE);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().at("/error/message").asString()).startsWith(told);
        assertThat(answer.json().at("/error/type").asString()).isEqualTo("invalid_request_error");
    }

    @Test
    void metadataHasBounds() {
        String many = IntStream.range(0, 17)
                .mapToObj(i -> "'k" + i + "':'v'")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
        for (String pairs : List.of(many, "'" + "k".repeat(65) + "':'v'", "'k':'" + "v".repeat(513) + "'")) {
            Answer answer = create("f", "/v1/embeddings", ",'metadata':{" + pairs + "}");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().at("/error/message").asString())
                    .startsWith("metadata")
                    .contains("at most");
        }
    }

    @Test
    void anothersFilesAndBatchesAreNotThere() throws Exception {
        String url = "/v1/embeddings";
        String theirs = upload(line("a", url, "{'input':'x'}"), THEIRS);
        Answer refused = create(theirs, url, "");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.json().at("/error/message").asString())
                .isEqualTo("input_file_id: " + theirs + " (expected: a file)");
        JsonNode batch = end(line("a", url, "{'input':'x'}"), url);
        String id = batch.at("/id").asString();
        assertThat(gateway.get("/v1/batches/" + id, "Authorization", THEIRS).status())
                .isEqualTo(404);
        assertThat(gateway.post("/v1/batches/" + id + "/cancel", "", "Authorization", THEIRS)
                        .status())
                .isEqualTo(404);
        assertThat(gateway.get("/v1/batches", "Authorization", THEIRS).text()).doesNotContain(id);
        String output = batch.at("/output_file_id").asString();
        assertThat(gateway.get("/v1/files/" + output, "Authorization", THEIRS).status())
                .isEqualTo(404);
        Answer wrong = create(output, url, "");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().at("/error/message").asString())
                .isEqualTo("input_file_id: " + output + " of batch_output (expected: a file of purpose batch)");
        Answer over = gateway.post("/v1/batches/" + id + "/cancel", "", "Authorization", MINE);
        assertThat(over.status()).isEqualTo(409);
        assertThat(over.json().at("/error/message").asString())
                .isEqualTo("status: completed (expected: validating or in_progress)");
    }

    @Test
    void listsArePagedAndKeepWhatWasAskedFor() throws Exception {
        String url = "/v1/embeddings";
        String file = upload(line("a", url, "{'input':'x'}"), MINE);
        String more = ",'metadata':{'who':'me'},'output_expires_after':{'anchor':'created_at','seconds':3600}";
        List<String> ids = Stream.of(1, 2, 3)
                .map(_ -> create(file, url, more).json().at("/id").asString())
                .toList();
        JsonNode page = mine("/v1/batches?limit=2").json();
        assertThat(page.at("/has_more").asBoolean()).isTrue();
        assertThat(page.at("/first_id").asString()).isEqualTo(ids.get(2));
        assertThat(page.at("/last_id").asString()).isEqualTo(ids.get(1));
        assertThat(mine("/v1/batches?limit=1&after=" + ids.get(1))
                        .json()
                        .at("/data/0/id")
                        .asString())
                .isEqualTo(ids.get(0));
        assertThat(mine("/v1/batches?limit=101").status()).isEqualTo(400);
        JsonNode batch = end(ids.get(0));
        assertThat(batch.at("/metadata/who").asString()).isEqualTo("me");
        JsonNode output =
                mine("/v1/files/" + batch.at("/output_file_id").asString()).json();
        assertThat(output.at("/purpose").asString()).isEqualTo("batch_output");
        assertThat(output.at("/expires_at").asLong() - output.at("/created_at").asLong())
                .isEqualTo(3_600);
    }

    @Test
    void anUnknownBatchIsTyped() {
        Answer answer = mine("/v1/batches/batch_none");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().at("/error/message").asString()).isEqualTo("id: batch_none (expected: a batch)");
    }
}
