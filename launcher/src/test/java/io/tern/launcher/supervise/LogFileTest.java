package io.tern.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    Path folder;

    @Test
    void aShortLogIsLeftAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("a.log"), "1234\n");

        new LogFile(file, 5).bound();

        assertThat(file).hasContent("1234\n");
        assertThat(folder).isDirectoryContaining(path -> path.endsWith("a.log"));
        assertThat(folder.resolve("a.log.1")).doesNotExist();
    }

    @Test
    void aLongLogIsAgedThreeTimesThenForgotten() throws Exception {
        Path file = folder.resolve("a.log");
        for (int generation = 1; generation <= 5; generation++) {
            Files.writeString(file, "generation " + generation);
            new LogFile(file, 5).bound();
        }

        assertThat(file).isEmptyFile();
        assertThat(folder.resolve("a.log.1")).hasContent("generation 5");
        assertThat(folder.resolve("a.log.3")).hasContent("generation 3");
        assertThat(folder.resolve("a.log.4")).doesNotExist();
    }

    @Test
    void whoHoldsItOpenWritesOnAtTheNewEnd() throws Exception {
        Path file = folder.resolve("a.log");
        try (OutputStream open = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            open.write("a long first line\n".getBytes(StandardCharsets.UTF_8));
            new LogFile(file, 5).bound();
            open.write("next\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(file).hasContent("next\n");
    }

    @Test
    void aFollowerHandsOnWholeLinesAndNoticesANewBeginning() throws Exception {
        Path file = Files.writeString(folder.resolve("a.log"), "old\n");
        List<String> lines = new ArrayList<>();
        LogFollower follower = new LogFollower(file, lines::add);

        Files.writeString(file, "one\ntw", StandardOpenOption.APPEND);
        long position = follower.handOn(4);
        Files.writeString(file, "o\n", StandardOpenOption.APPEND);
        position = follower.handOn(position);
        Files.writeString(file, "new\n");
        long last = follower.handOn(position);

        assertThat(lines).containsExactly("one", "two", "new");
        assertThat(last).isEqualTo(4);
    }

    @Test
    void aFollowerPassesALineThatIsLongerThanItsWindow() throws Exception {
        Path file = folder.resolve("a.log");
        List<String> lines = new ArrayList<>();
        LogFollower follower = new LogFollower(file, lines::add);
        String longest = "x".repeat((1 << 20) + 10);
        Files.writeString(file, longest + "\nnext\n");

        follower.poll();
        follower.poll();

        assertThat(lines).endsWith("next");
        assertThat(String.join("", lines)).isEqualTo(longest + "next");
    }

    @Test
    void theTailSkipsStackFramesWhereOneLineMustDo() throws Exception {
        Path file =
                Files.writeString(folder.resolve("a.log"), "first\nCaused by: no model\n\tat A.b(C)\n\t... 3 more\n\n");

        assertThat(LogTail.lastLine(file)).contains("Caused by: no model");
        assertThat(LogTail.lines(file, 2)).containsExactly("\t... 3 more", "");
        assertThat(LogTail.lines(folder.resolve("none"), 2)).isEmpty();
    }
}
