package io.tern.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    @TempDir
    Path folder;

    @Test
    void knowsTheHashOfTheEmptyText() {
        assertThat(Sha256.of("")).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void aFileHasTheHashOfItsBytes() throws Exception {
        byte[] bytes = new byte[3 << 20];
        bytes[2 << 20] = 1;
        assertThat(Sha256.of(Files.write(folder.resolve("file"), bytes))).isEqualTo(Sha256.of(bytes));
    }
}
