package io.tern.gateway.batches;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What each of a batch's threads does: take the next line that is not finished, ask it, write what came back. */
final class LineWork implements Runnable {
    private final InputLines input;
    private final LineReader reader;
    private final LineRun run;
    private final BatchOutput output;
    private final PatientDisk disk;
    private final Turns turns;
    private final Reins reins;
    private final Consumer<LineResult> counted;

    LineWork(
            InputLines input,
            LineReader reader,
            LineRun run,
            BatchOutput output,
            PatientDisk disk,
            Turns turns,
            Reins reins,
            Consumer<LineResult> counted) {
        this.input = input;
        this.reader = reader;
        this.run = run;
        this.output = output;
        this.disk = disk;
        this.turns = turns;
        this.reins = reins;
        this.counted = counted;
    }

    @Override
    public void run() {
        try {
            boolean more = true;
            while (more && turns.enter(reins)) {
                try {
                    more = !reins.isPulled() && step();
                } finally {
                    turns.leave();
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("a thread of ours was interrupted", e);
        }
    }

    /** @return false at the end of the file */
    private boolean step() throws InterruptedException {
        try (InputLine line = disk.<@Nullable InputLine>get(this::next)) {
            if (line == null) {
                return false;
            }
            LineResult result = result(line);
            if (result != null) {
                disk.run(() -> output.append(List.of(result)));
                counted.accept(result);
            }
            return true;
        }
    }

    private @Nullable LineResult result(InputLine line) throws InterruptedException {
        try {
            return run.run(reader.read(line));
        } catch (LineReader.FaultyLine e) {
            // It was right when the batch was accepted: another version of this server was stricter or not as strict.
            LineFault fault = e.fault();
            return LineResult.unanswered(line.number(), LineReader.customId(line), fault.code(), fault.message());
        }
    }

    private @Nullable InputLine next() throws IOException {
        synchronized (input) {
            InputLine line = input.next();
            while (line != null && output.isFinished(line.number())) {
                line.close();
                line = input.next();
            }
            return line;
        }
    }
}
