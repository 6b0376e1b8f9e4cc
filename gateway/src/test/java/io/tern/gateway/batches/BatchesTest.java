package io.tern.gateway.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.gateway.files.FileStore;
import io.tern.gateway.files.StoredFile;
import io.tern.jobs.JobOwner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class BatchesTest {
    @TempDir
    private Path root;

    private final ScriptedEndpoint route = new ScriptedEndpoint();

    private Desk desk(int linesAtOnce) {
        return new Desk(root, route, linesAtOnce);
    }

    @Test
    void eachLineIsAnsweredOnceAndFailuresAreKeptApart() throws Exception {
        try (Desk desk = desk(3)) {
            Batch made = desk.create(Desk.lines(Stream.concat(Desk.numbered("good", 27), Desk.numbered("bad", 3))));
            assertThat(made.status()).isEqualTo(BatchStatus.VALIDATING);
            Batch batch = desk.end(made, BatchStatus.COMPLETED);

            assertThat(batch.total()).isEqualTo(30);
            assertThat(batch.counts()).isEqualTo(new Batch.Counts(27, 3, new TokenUsage(54, 0, 81)));
            assertThat(batch.times())
                    .containsOnlyKeys(BatchStatus.IN_PROGRESS, BatchStatus.FINALIZING, BatchStatus.COMPLETED);
            List<JsonNode> answers = desk.output(batch);
            assertThat(Desk.ids(answers))
                    .containsExactlyInAnyOrderElementsOf(
                            Desk.numbered("good", 27).toList());
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.path("id").stringValue()).startsWith("batch_req_");
                assertThat(answer.at("/response/status_code").intValue()).isEqualTo(200);
                assertThat(answer.at("/response/request_id").stringValue()).isNotEmpty();
                assertThat(answer.at("/response/body/text")).isEqualTo(answer.path("custom_id"));
                assertThat(answer.at("/response/body/caller").stringValue())
                        .isEqualTo("Batch " + Desk.ME.owner().mark());
                assertThat(answer.at("/response/body/priority").stringValue()).isEqualTo("BATCH");
                assertThat(answer.path("error").isNull()).isTrue();
            });
            assertThat(desk.errors(batch)).hasSize(3).allSatisfy(error -> {
                assertThat(error.at("/response/status_code").intValue()).isEqualTo(400);
                assertThat(error.at("/response/body/error/param").stringValue()).isEqualTo("text");
            });
            assertThat(route.asked).hasSize(30);
            assertThat(route.mostAtOnce.get()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void nothingIsAskedOfAFileWithAFault() throws Exception {
        try (Desk desk = desk(1)) {
            Batch batch = desk.end(
                    desk.create(Desk.lines(Desk.numbered("good", 3)) + "\n"
                            + Desk.line("x", "y").replace("POST", "GET")),
                    BatchStatus.FAILED);
            assertThat(batch.faults())
                    .containsExactly(new LineFault("invalid_method", "method: GET (expected: POST)", "method", 4));
            assertThat(route.asked).isEmpty();
            assertThatThrownBy(() -> desk.output(batch)).isInstanceOf(TernException.class);
        }
    }

    @Test
    void aLineThatIsRefusedForNowIsAskedAgain() throws Exception {
        try (Desk desk = desk(2)) {
            Batch batch = desk.end(desk.create(Desk.lines(Stream.of("busy", "good"))), BatchStatus.COMPLETED);
            assertThat(Desk.ids(desk.output(batch))).containsExactlyInAnyOrder("busy", "good");
            assertThat(route.times("busy")).isEqualTo(3);
        }
    }

    @Test
    void aLineThatTakesItsServiceAwayEachTimeIsGivenUp() throws Exception {
        try (Desk desk = desk(1)) {
            Batch batch = desk.end(desk.create(Desk.lines(Stream.of("gone", "good"))), BatchStatus.COMPLETED);
            assertThat(Desk.ids(desk.output(batch))).containsExactly("good");
            assertThat(desk.errors(batch).getFirst().at("/response/status_code").intValue())
                    .isEqualTo(503);
            assertThat(route.times("gone")).isEqualTo(5);
        }
    }

    @Test
    void aServiceThatIsDownIsNotAsked() throws Exception {
        try (Desk desk = desk(2)) {
            desk.up = false;
            Batch batch = desk.create(Desk.lines(Desk.numbered("good", 5)));
            desk.until(batch, BatchStatus.IN_PROGRESS);
            assertThat(route.asked).isEmpty();
            desk.up = true;
            desk.end(batch, BatchStatus.COMPLETED);
        }
    }

    private static String large(String id, String text) {
        return Desk.line(id, text + "x".repeat(LargeLines.SMALL_BYTES));
    }

    @Test
    void aLargeLineOfAServiceThatIsDownKeepsNobody() throws Exception {
        try (Desk desk = desk(2)) {
            desk.up = false;
            Batch first = desk.create(large("a", "good"));
            desk.until(first, BatchStatus.IN_PROGRESS);
            Batch second = desk.create(large("a", "good"));
            desk.until(second, BatchStatus.IN_PROGRESS);
            desk.up = true;
            desk.end(first, BatchStatus.COMPLETED);
            desk.end(second, BatchStatus.COMPLETED);
        }
    }

    @Test
    void aLargeLineThatIsRefusedForNowKeepsNoOther() throws Exception {
        try (Desk desk = desk(2)) {
            Batch batch = desk.create(large("a", "full") + "\n" + large("b", "good"));
            Desk.until(() -> desk.get(batch).counts().completed() == 1);
            assertThat(route.asked).anyMatch(text -> text.startsWith("full"));
            route.letGo();
            assertThat(desk.end(batch, BatchStatus.COMPLETED).counts().completed())
                    .isEqualTo(2);
        }
    }

    @Test
    void anAnswerThatIsEmptyIsAnErrorOfOurs() throws Exception {
        try (Desk desk = desk(1)) {
            Batch batch = desk.end(desk.create(Desk.lines(Stream.of("empty", "good"))), BatchStatus.COMPLETED);
            assertThat(Desk.ids(desk.output(batch))).containsExactly("good");
            assertThat(desk.errors(batch)
                            .getFirst()
                            .at("/response/body/error/code")
                            .stringValue())
                    .isEqualTo("internal_error");
            assertThat(route.times("empty")).isEqualTo(1);
        }
    }

    /** Here a folder is where its input should be. */
    @Test
    void anInputThatCannotBeReadKeepsNoOtherFromValidatingAndCanBeCancelled() throws Exception {
        FileStore files;
        Batch unreadable;
        try (Desk desk = desk(1)) {
            files = desk.files;
            desk.up = false;
            unreadable = desk.create(Desk.lines(Stream.of("good")));
            desk.until(unreadable, BatchStatus.IN_PROGRESS);
        }
        new BatchStore(files)
                .save(Batch.accepted(unreadable.id(), unreadable.order(), unreadable.outputId(), unreadable.errorId()));
        Path input = root.resolve("batches").resolve(unreadable.id()).resolve(BatchStore.INPUT);
        Files.delete(input);
        Files.createDirectory(input);
        try (Desk desk = desk(1)) {
            desk.end(desk.create(Desk.lines(Stream.of("good"))), BatchStatus.COMPLETED);
            assertThat(desk.get(unreadable).status()).isEqualTo(BatchStatus.VALIDATING);
            desk.batches.cancel(Desk.ME.owner(), unreadable.id());
            desk.end(unreadable, BatchStatus.CANCELLED);
        }
    }

    @Test
    void countsAreToldWithoutTouchingTheState() throws Exception {
        try (Desk desk = desk(2)) {
            Batch batch = desk.create(Desk.lines(Stream.of("good", "hold", "hold again")));
            Desk.until(() -> desk.get(batch).counts().completed() == 1);
            byte[] state = Files.readAllBytes(desk.folder(batch).resolve("state"));
            assertThat(BatchJson.read(state).counts()).isEqualTo(Batch.Counts.NONE);
            for (String lost : List.of("", "{}", "{\"request_counts\":7}")) {
                Files.writeString(desk.folder(batch).resolve("counts"), lost);
                assertThat(desk.get(batch).counts()).isEqualTo(Batch.Counts.NONE);
            }
            route.letGo();
            assertThat(desk.end(batch, BatchStatus.COMPLETED).counts().completed())
                    .isEqualTo(3);
        }
    }

    @Test
    void oneWhoseStateCannotBeReadKeepsNothingFromTheOthers() throws Exception {
        try (Desk desk = desk(1)) {
            Batch first = desk.end(desk.create(Desk.lines(Stream.of("good"))), BatchStatus.COMPLETED);
            Batch broken = desk.end(desk.create(Desk.lines(Stream.of("good"))), BatchStatus.COMPLETED);
            Batch last = desk.end(desk.create(Desk.lines(Stream.of("good"))), BatchStatus.COMPLETED);
            Files.writeString(desk.folder(broken).resolve("state"), "{}");
            assertThat(desk.batches.list(Desk.ME.owner(), null, 10)).containsExactlyInAnyOrder(first, last);
            new BatchStore(desk.files).sweep(Long.MAX_VALUE);
            assertThat(desk.batches.list(Desk.ME.owner(), null, 10)).isEmpty();
            assertThat(desk.folder(broken)).exists();
        }
    }

    @Test
    void noMoreThanAHundredAreOpenHoweverManyAskAtOnce() throws Exception {
        try (Desk desk = desk(1)) {
            desk.up = false;
            StoredFile input = desk.upload(Desk.lines(Stream.of("good")));
            for (int i = 0; i < 97; i++) {
                desk.create(input);
            }
            List<Thread> threads = Stream.generate(() -> Thread.ofVirtual().unstarted(() -> {
                        try {
                            desk.create(input);
                        } catch (TernException _) {
                            // all but three of them
                        }
                    }))
                    .limit(16)
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(desk.batches.list(Desk.ME.owner(), null, 200)).hasSize(100);
        }
    }

    @Test
    void cancelLetsLinesUnderWayEndAndAsksNoMore() throws Exception {
        try (Desk desk = desk(2)) {
            Batch batch = desk.create(Desk.lines(Desk.numbered("hold", 10)));
            Desk.until(() -> route.asked.size() == 2);
            assertThat(desk.batches.cancel(Desk.ME.owner(), batch.id()).status())
                    .isEqualTo(BatchStatus.CANCELLING);
            assertThat(desk.batches.cancel(Desk.ME.owner(), batch.id()).status())
                    .isEqualTo(BatchStatus.CANCELLING);
            Desk.until(() -> {
                route.letGo();
                return desk.get(batch).status() == BatchStatus.CANCELLED;
            });
            Batch end = desk.end(batch, BatchStatus.CANCELLED);
            int completed = end.counts().completed();
            assertThat(completed).isEqualTo(route.asked.size()).isLessThan(10);
            assertThat(end.counts().failed()).isEqualTo(10 - completed);
            assertThat(desk.errors(end)).hasSize(10 - completed).allSatisfy(error -> {
                assertThat(error.at("/error/code").stringValue()).isEqualTo("batch_cancelled");
                assertThat(error.path("response").isNull()).isTrue();
            });
            assertThat(end.times()).containsKeys(BatchStatus.CANCELLING, BatchStatus.CANCELLED);
            assertThat(desk.batches.cancel(Desk.ME.owner(), batch.id()).status())
                    .isEqualTo(BatchStatus.CANCELLED);
        }
    }

    @Test
    void theEndOfTheWindowEndsTheRest() throws Exception {
        try (Desk desk = desk(2)) {
            Batch batch = desk.create(Desk.lines(Stream.concat(Desk.numbered("good", 3), Desk.numbered("hold", 9))));
            Desk.until(() -> route.asked.size() == 5);
            desk.now.set(desk.now.get().plus(Duration.ofHours(24)));
            Batch end = desk.end(batch, BatchStatus.EXPIRED);
            assertThat(end.counts().completed()).isEqualTo(3);
            assertThat(Desk.ids(desk.errors(end)))
                    .containsExactlyElementsOf(Desk.numbered("hold", 9).toList());
            assertThat(desk.errors(end))
                    .allSatisfy(error ->
                            assertThat(error.at("/error/code").stringValue()).isEqualTo("batch_expired"));
            assertThat(route.cancelled).hasSize(2); // what was being asked is not worked on any more
            assertThatThrownBy(() -> desk.batches.cancel(Desk.ME.owner(), batch.id()))
                    .hasMessage("status: expired (expected: validating or in_progress)");
        }
    }

    @Test
    void theNextProcessGoesOnWhereThisOneEnds() throws Exception {
        Batch batch;
        try (Desk desk = desk(2)) {
            batch = desk.create(Desk.lines(Stream.concat(Desk.numbered("first", 8), Desk.numbered("hold", 8))));
            Desk.until(() -> route.asked.size() == 10);
        }
        assertThat(route.cancelled).hasSize(2);
        route.letGo();
        try (Desk desk = desk(2)) {
            Batch end = desk.end(batch, BatchStatus.COMPLETED);
            assertThat(end.counts().completed()).isEqualTo(16);
            assertThat(Desk.ids(desk.output(end))).doesNotHaveDuplicates().hasSize(16);
            assertThat(Desk.numbered("first", 8))
                    .allSatisfy(text -> assertThat(route.times(text)).isEqualTo(1));
        }
    }

    @Test
    void aBatchIsRunByOneProcessAtATime() throws Exception {
        try (Desk desk = desk(1)) {
            Batch batch = desk.create(Desk.lines(Desk.numbered("hold", 3)));
            Desk.until(() -> route.asked.size() == 1);
            assertThatThrownBy(() -> new BatchStore(desk.files).lock(batch.id()))
                    .isInstanceOf(java.nio.channels.OverlappingFileLockException.class);
            route.letGo();
            desk.end(batch, BatchStatus.COMPLETED);
        }
    }

    @Test
    void aLineWhoseBodyIsWrongFailsAlone() throws Exception {
        try (Desk desk = desk(1)) {
            String wrong = Desk.line("wrong", "x").replace("\"text\":\"x\"", "\"text\":7");
            Batch end = desk.end(desk.create(wrong + "\n" + Desk.lines(Stream.of("good"))), BatchStatus.COMPLETED);
            assertThat(Desk.ids(desk.output(end))).containsExactly("good");
            JsonNode error = desk.errors(end).getFirst();
            assertThat(error.path("custom_id").stringValue()).isEqualTo("wrong");
            assertThat(error.at("/response/status_code").intValue()).isEqualTo(400);
            assertThat(error.at("/response/body/error/message").stringValue()).isEqualTo("text: 7 (expected: string)");
            assertThat(error.at("/response/body/error/param").stringValue()).isEqualTo("text");
        }
    }

    /** As after an update of the server in the middle. */
    @Test
    void aLineThatIsNotValidAnyMoreFailsAlone() throws Exception {
        Batch batch;
        try (Desk desk = desk(1)) {
            desk.up = false;
            batch = desk.create(Desk.lines(Desk.numbered("good", 4)));
            desk.until(batch, BatchStatus.IN_PROGRESS);
            Path input = desk.folder(batch).resolve(BatchStore.INPUT);
            String once = Desk.line("good2", "good2");
            Files.writeString(input, Files.readString(input).replace(once, once.replace("POST", "PUT!")));
        }
        try (Desk desk = desk(1)) {
            Batch end = desk.end(batch, BatchStatus.COMPLETED);
            assertThat(Desk.ids(desk.output(end))).containsExactlyInAnyOrder("good0", "good1", "good3");
            assertThat(desk.errors(end).getFirst().path("custom_id").stringValue())
                    .isEqualTo("good2");
            assertThat(desk.errors(end).getFirst().at("/error/message").stringValue())
                    .isEqualTo("method: PUT! (expected: POST)");
        }
    }

    /** Here a folder is where it wants to write. */
    @Test
    void aDiskThatCannotBeWrittenIsWaitedFor() throws Exception {
        Batch batch;
        Path inTheWay;
        try (Desk desk = desk(1)) {
            desk.up = false;
            batch = desk.create(Desk.lines(Desk.numbered("good", 3)));
            desk.until(batch, BatchStatus.IN_PROGRESS);
            inTheWay = desk.folder(batch).resolve(BatchOutput.OUTPUT);
            Desk.until(() -> Files.exists(inTheWay));
        }
        Files.delete(inTheWay);
        Files.createDirectory(inTheWay);
        try (Desk desk = desk(1)) {
            Files.delete(inTheWay);
            assertThat(desk.end(batch, BatchStatus.COMPLETED).counts().completed())
                    .isEqualTo(3);
        }
    }

    @Test
    void whatItReadsMayBeDeletedMeanwhile() throws Exception {
        try (Desk desk = desk(1)) {
            StoredFile input = desk.upload(Desk.lines(Desk.numbered("hold", 3)));
            Batch batch = desk.create(input);
            desk.files.delete(Desk.ME.owner(), input.id());
            route.letGo();
            assertThat(desk.end(batch, BatchStatus.COMPLETED).counts().completed())
                    .isEqualTo(3);
            assertThatThrownBy(() -> desk.create(input))
                    .hasMessage("input_file_id: " + input.id() + " (expected: a file)");
        }
    }

    @Test
    void batchesTakeTurns() throws Exception {
        try (Desk desk = desk(1)) {
            Batch first = desk.create(Desk.lines(Stream.concat(Stream.of("hold"), Desk.numbered("first", 200))));
            Desk.until(() -> route.times("hold") == 1);
            Batch second = desk.create(Desk.lines(Desk.numbered("second", 3)));
            desk.until(second, BatchStatus.IN_PROGRESS);
            Desk.until(() -> {
                route.letGo();
                return desk.get(second).status().isOver();
            });
            desk.end(first, BatchStatus.COMPLETED);
            int begun = route.asked.indexOf("second0");
            assertThat(route.asked.indexOf("second2") - begun)
                    .as("each waits for one of the other")
                    .isLessThanOrEqualTo(6);
        }
    }

    @Test
    void anothersBatchIsNotThere() throws Exception {
        try (Desk desk = desk(1)) {
            Batch batch = desk.create(Desk.lines(Stream.of("good")));
            JobOwner other = JobOwner.of("other");
            for (String id : List.of(batch.id(), "batch_x", "../batches/" + batch.id(), "")) {
                assertThatThrownBy(() -> desk.batches.get(other, id)).isInstanceOf(TernException.class);
                assertThatThrownBy(() -> desk.batches.cancel(other, id)).isInstanceOf(TernException.class);
            }
            assertThat(desk.batches.list(other, null, 10)).isEmpty();
            assertThat(desk.batches.list(Desk.ME.owner(), null, 10)).hasSize(1);
            desk.end(batch, BatchStatus.COMPLETED);
        }
    }

    @Test
    void whatIsOverIsForgottenAfterAMonth() throws Exception {
        Batch batch;
        try (Desk desk = desk(1)) {
            batch = desk.end(desk.create(Desk.lines(Stream.of("good"))), BatchStatus.COMPLETED);
            new BatchStore(desk.files).sweep(batch.times().get(BatchStatus.COMPLETED));
            assertThat(desk.get(batch)).isEqualTo(batch);
            new BatchStore(desk.files).sweep(batch.times().get(BatchStatus.COMPLETED) + 1);
            assertThat(Files.exists(desk.folder(batch))).isFalse();
            assertThat(desk.output(batch)).hasSize(1); // what it has written is its caller's to delete
        }
    }

    @Test
    void stateSurvivesItsJourneyThroughTheFile() {
        Batch batch = Batch.accepted(
                        "batch_" + "0".repeat(26) + Desk.ME.owner().mark(),
                        new BatchOrder(
                                "file-1",
                                ScriptedEndpoint.PATH,
                                "24h",
                                1,
                                86_401,
                                java.util.Map.of("a", "b"),
                                3_600L,
                                new io.tern.gateway.keys.KeyLimits(
                                        java.util.OptionalInt.empty(),
                                        java.util.OptionalInt.of(7),
                                        java.util.OptionalInt.empty(),
                                        java.util.OptionalInt.of(2))),
                        "file-2",
                        "file-3")
                .valid(5, "tiny")
                .in(BatchStatus.IN_PROGRESS, 2)
                .with(new Batch.Counts(1, 2, new TokenUsage(3, 4, 5)))
                .with(List.of(new LineFault("a", "b", null, 3), new LineFault("a", "b", "c", null)));
        assertThat(BatchJson.read(BatchJson.kept(batch))).isEqualTo(batch);
        assertThat(batch.owner()).isEqualTo(Desk.ME.owner());
        assertThat(BatchJson.told(batch).toString()).doesNotContain("tern", "file-2");
    }
}
