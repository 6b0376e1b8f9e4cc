package io.tern.gateway.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class InputLinesTest {
    private static final int MAX_BYTES = 2_000_000;

    @TempDir
    private Path folder;

    /** A file of which each second read fails. */
    private record Faulty(SeekableByteChannel file, int[] reads) implements SeekableByteChannel {
        @Override
        public int read(ByteBuffer to) throws IOException {
            if (++reads[0] % 2 == 0) {
                throw new IOException("the disk is away");
            }
            return file.read(to);
        }

        @Override
        public int write(ByteBuffer from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public SeekableByteChannel position(long to) throws IOException {
            file.position(to);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("lines"), content);
    }

    /** A line is shorter than what one read brings, so that each can be had between two faults. */
    @Test
    @Timeout(60)
    void aLineWhoseReadingFailsIsTheNextOneStill() throws Exception {
        String content = IntStream.rangeClosed(1, 50)
                .mapToObj(i -> (i + "|").repeat(3_000))
                .collect(Collectors.joining("\n\n", "", "\n"));
        SeekableByteChannel faulty = new Faulty(Files.newByteChannel(file(content)), new int[1]);
        int faults = 0;
        try (InputLines lines = new InputLines(faulty, MAX_BYTES, new LargeLines(), () -> false)) {
            for (int i = 1; i <= 50; ) {
                try (InputLine line = lines.next()) {
                    assertThat(line.number()).isEqualTo(2 * i - 1);
                    assertThat(new String(line.bytes())).isEqualTo((i + "|").repeat(3_000));
                    i++;
                } catch (IOException _) {
                    faults++;
                }
            }
        }
        assertThat(faults).isGreaterThan(3);
    }

    @Test
    void aLineCanBeReadAgain() throws Exception {
        try (InputLines lines = InputLines.open(file("a\n\nb\nc"), MAX_BYTES, new LargeLines(), () -> false)) {
            lines.next().close();
            InputLine second = lines.next();
            InputLine again = lines.again(second.number(), second.start());
            assertThat(again.number()).isEqualTo(3);
            assertThat(again.bytes()).isEqualTo(second.bytes()).isEqualTo("b".getBytes());
            InputLine next = lines.next();
            assertThat(next.number()).isEqualTo(4);
            assertThat(next.bytes()).isEqualTo("c".getBytes());
            assertThat(lines.next()).isNull();
        }
    }

    @Test
    void aLargeLineWaitsForItsPlaceUntilItIsStopped() throws Exception {
        LargeLines large = new LargeLines();
        String line = "x".repeat(LargeLines.SMALL_BYTES + 1);
        try (InputLines lines = InputLines.open(file("a\n" + line), MAX_BYTES, large, () -> true)) {
            lines.next().close();
            LargeLines.Place other = large.enter(() -> true);
            assertThat(lines.next()).isNull();
            other.close();
            try (InputLine now = lines.next()) {
                assertThat(now.number()).isEqualTo(2);
                assertThat(now.bytes()).hasSize(line.length());
                assertThat(large.enter(() -> true)).isNull();
            }
        }
        assertThat(large.enter(() -> true)).isNotNull();
    }

    @Test
    void aFolderIsNoInput() throws Exception {
        try (InputLines lines = InputLines.open(folder, MAX_BYTES, new LargeLines(), () -> false)) {
            assertThatThrownBy(lines::next).isInstanceOf(IOException.class);
            assertThatThrownBy(lines::next).isInstanceOf(IOException.class);
        }
    }
}
