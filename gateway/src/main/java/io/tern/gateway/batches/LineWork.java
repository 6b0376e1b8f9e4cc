package io.tern.gateway.batches;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each of a batch's threads does: take the next line that is not finished, ask it, write what came back. */
final class LineWork implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(LineWork.class);

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
        LineRun.Tries tries = run.tries();
        tries.rest();
        Tried tried = tried(this::next, tries);
        while (tried != null && tried.result() == null && !reins.isPulled()) {
            Tried last = tried;
            tries.rest();
            tried = tried(() -> again(last), tries);
        }
        if (tried == null) {
            return false;
        }
        LineResult result = tried.result();
        if (result != null) {
            disk.run(() -> output.append(List.of(result)));
            counted.accept(result);
        }
        return true;
    }

    /** Which line that was, and what it has become; null: nothing yet. */
    private record Tried(int number, long start, @Nullable LineResult result) {}

    /** The line is in memory for one try: it is read again for the next. */
    private @Nullable Tried tried(PatientDisk.Question<@Nullable InputLine> reading, LineRun.Tries tries)
            throws InterruptedException {
        try (InputLine line = disk.<@Nullable InputLine>get(reading)) {
            return line == null ? null : new Tried(line.number(), line.start(), result(line, tries));
        }
    }

    private @Nullable LineResult result(InputLine line, LineRun.Tries tries) {
        try {
            return tries.ask(reader.read(line));
        } catch (LineReader.FaultyLine e) {
            // It was right when the batch was accepted: another version of this server was stricter or not as strict.
            LineFault fault = e.fault();
            return LineResult.unanswered(line.number(), LineReader.customId(line), fault.code(), fault.message());
        } catch (RuntimeException e) {
            // Broadly, for this is an edge: a line that we stumble over is not asked again and again.
            log.error("batch {}: line {} failed", disk.batch(), line.number(), e);
            return LineResult.unanswered(line.number(), LineReader.customId(line), "internal_error", "internal error");
        }
    }

    private @Nullable InputLine next() throws IOException, InterruptedException {
        synchronized (input) {
            InputLine line = reins.isPulled() ? null : input.next();
            while (line != null && output.isFinished(line.number())) {
                line.close();
                line = input.next();
            }
            return line;
        }
    }

    private @Nullable InputLine again(Tried last) throws IOException, InterruptedException {
        synchronized (input) {
            return reins.isPulled() ? null : input.again(last.number(), last.start());
        }
    }
}
