package io.tern.gateway.batches;

import io.tern.gateway.files.FilePurpose;
import io.tern.gateway.files.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is left to write when a batch's lines are no longer asked. All of it can be done again after a crash in its middle.
 *
 * @param folder of the batch
 * @param disk that it waits for
 */
record BatchEnd(Path folder, FileStore files, PatientDisk disk) {
    /** Lines that are given up at once. */
    private static final int TOGETHER = 500;

    /** What has no answer gets an error that says why. */
    void giveUp(BatchOutput output, int maxLineBytes, LargeLines large, Reins.Reason why) throws InterruptedException {
        disk.run(() -> {
            try (InputLines input =
                    InputLines.open(folder.resolve(BatchStore.INPUT), maxLineBytes, large, () -> false)) {
                giveUp(output, input, why);
            }
        });
    }

    private static void giveUp(BatchOutput output, InputLines input, Reins.Reason why)
            throws IOException, InterruptedException {
        List<LineResult> results = new ArrayList<>();
        for (InputLine line = input.next(); line != null; line = input.next()) {
            try (InputLine current = line) {
                if (!output.isFinished(current.number())) {
                    results.add(LineResult.unanswered(
                            current.number(), LineReader.customId(current), why.code(), why.message()));
                }
            }
            if (results.size() == TOGETHER) {
                output.append(results);
                results.clear();
            }
        }
        output.append(results);
    }

    /** Gives the two files, where there is something in them, the names that were chosen for them. */
    void publish(Batch batch) throws InterruptedException {
        publish(batch, BatchOutput.OUTPUT, batch.outputId(), batch.counts().completed());
        publish(batch, BatchOutput.ERRORS, batch.errorId(), batch.counts().failed());
    }

    private void publish(Batch batch, String name, String id, int lines) throws InterruptedException {
        if (lines > 0) {
            Path file = folder.resolve(name);
            String filename = batch.id() + "_" + name + ".jsonl";
            disk.run(() -> files.keep(
                    files.stored(
                            id,
                            Files.size(file),
                            filename,
                            FilePurpose.BATCH_OUTPUT,
                            batch.order().outputSeconds()),
                    file));
        }
    }
}
