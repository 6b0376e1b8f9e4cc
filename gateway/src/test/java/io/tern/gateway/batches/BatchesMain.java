package io.tern.gateway.batches;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import io.tern.base.TernException;
import io.tern.wire.StrictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import reactor.core.publisher.Mono;

/**
 * A process that runs the batches of a folder until its standard input ends. Each question is written down before it is
 * answered: ROOT QUESTIONS LINES_AT_ONCE.
 */
final class BatchesMain {
    private BatchesMain() {}

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        Path questions = Path.of(arguments[1]);
        int linesAtOnce = Integer.parseInt(arguments[2]);
        BatchEndpoint endpoint = new BatchEndpoint(ScriptedEndpoint.PATH, "echo", linesAtOnce, 2_000_000, (body, _) -> {
            String text = body.path("text").asString();
            TernException.require(!text.isEmpty(), "text", "none", "a text");
            return _ -> Mono.fromCallable(() -> {
                Files.writeString(questions, text + "\n", CREATE, APPEND);
                Thread.sleep(5);
                return StrictJson.newObject().put("text", text);
            });
        });
        Desk.batches(root, endpoint).start();
        while (System.in.read() >= 0) {
            // its parent lives
        }
    }
}
