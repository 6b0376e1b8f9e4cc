package io.tern.gateway.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tern.gateway.files.FileLimits;
import io.tern.gateway.files.FilePurpose;
import io.tern.gateway.files.FileStore;
import io.tern.gateway.files.StoredFile;
import io.tern.gateway.keys.Caller;
import io.tern.gateway.keys.KeyLimits;
import io.tern.jobs.JobOwner;
import io.tern.wire.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Batches over a folder, as the gateway has them, with a scripted route and a clock that is set by hand. */
final class Desk implements AutoCloseable {
    static final Caller ME = new Caller(JobOwner.of("me"), KeyLimits.NONE);
    private static final FileLimits LIMITS = new FileLimits(1 << 24, 1 << 26);
    private static final int TRIES = 6_000;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);

    final ScriptedEndpoint route;
    final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    final FileStore files;
    final Batches batches;
    volatile boolean up = true;
    private final Path root;

    Desk(Path root, ScriptedEndpoint route, int linesAtOnce) {
        this.root = root;
        this.route = route;
        this.files = FileStore.open(root, LIMITS, now::get);
        this.batches = new Batches(
                files, List.of(route.endpoint(linesAtOnce)), FIRST_PAUSE, _ -> up, new SimpleMeterRegistry(), now::get);
        batches.start();
    }

    /** The same with another route and the machine's clock, not begun. */
    static Batches batches(Path root, BatchEndpoint endpoint) {
        FileStore files = FileStore.open(root, LIMITS, InstantSource.system());
        return new Batches(
                files, List.of(endpoint), FIRST_PAUSE, _ -> true, new SimpleMeterRegistry(), InstantSource.system());
    }

    static String line(String id, String text) {
        ObjectNode line = StrictJson.newObject()
                .put("custom_id", id)
                .put("method", "POST")
                .put("url", ScriptedEndpoint.PATH);
        line.putObject("body").put("text", text);
        return StrictJson.text(line);
    }

    /** A line for each text, which is its id, too. */
    static String lines(Stream<String> texts) {
        return String.join("\n", texts.map(text -> line(text, text)).toList());
    }

    static Stream<String> numbered(String text, int count) {
        return IntStream.range(0, count).mapToObj(i -> text + i);
    }

    StoredFile upload(String content) throws IOException {
        Path written = Files.createTempFile(root, "upload", "");
        Files.writeString(written, content);
        StoredFile file =
                files.stored(files.nextId(ME.owner()), Files.size(written), "lines.jsonl", FilePurpose.BATCH, null);
        files.keep(file, written);
        Files.delete(written);
        return file;
    }

    Batch create(String content) throws IOException {
        return create(upload(content));
    }

    Batch create(StoredFile input) {
        ObjectNode body = StrictJson.newObject()
                .put("input_file_id", input.id())
                .put("endpoint", ScriptedEndpoint.PATH)
                .put("completion_window", "24h");
        return batches.create(body, ME);
    }

    Batch get(Batch batch) {
        return batches.get(ME.owner(), batch.id());
    }

    Batch until(Batch batch, BatchStatus status) throws InterruptedException {
        until(() -> get(batch).status() == status || get(batch).status().isOver());
        assertThat(get(batch).status()).isEqualTo(status);
        return get(batch);
    }

    /** Over, and tidied up. */
    Batch end(Batch batch, BatchStatus status) throws InterruptedException {
        until(() -> folder(batch).toFile().list().length == 1);
        return until(batch, status);
    }

    static void until(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < TRIES && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(condition.getAsBoolean()).as("it holds within a minute").isTrue();
    }

    Path folder(Batch batch) {
        return root.resolve("batches").resolve(batch.id());
    }

    List<JsonNode> output(Batch batch) throws IOException {
        return content(batch.outputId());
    }

    List<JsonNode> errors(Batch batch) throws IOException {
        return content(batch.errorId());
    }

    private List<JsonNode> content(String id) throws IOException {
        assertThat(files.get(ME.owner(), id).purpose()).isEqualTo(FilePurpose.BATCH_OUTPUT);
        return Files.readAllLines(root.resolve("files").resolve(id).resolve("content")).stream()
                .map(line -> StrictJson.read(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    static List<String> ids(List<JsonNode> lines) {
        return lines.stream().map(line -> line.path("custom_id").stringValue()).toList();
    }

    @Override
    public void close() {
        batches.close();
    }
}
