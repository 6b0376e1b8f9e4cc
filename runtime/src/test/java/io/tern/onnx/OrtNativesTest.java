package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrtNativesTest {
    @TempDir
    private Path cache;

    @Test
    void extractsOnceAndRepairsADamagedFile() throws IOException {
        Path library = OrtNatives.extract(cache);
        byte[] whole = Files.readAllBytes(library);
        var extractedAt = Files.getLastModifiedTime(library);
        assertThat(OrtNatives.extract(cache)).isEqualTo(library);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(extractedAt);

        byte[] damaged = whole.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(library, damaged);
        assertThat(OrtNatives.extract(cache)).isEqualTo(library);
        assertThat(Files.mismatch(library, Files.write(cache.resolve("whole"), whole)))
                .isEqualTo(-1);
        try (var files = Files.list(library.getParent())) {
            assertThat(files).as("nothing half written stays").containsExactly(library);
        }
    }

    @Test
    void refusesADefaultFolderThatOthersCanWriteTo() throws IOException {
        Path open = Files.createDirectory(cache.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatIllegalStateException()
                .isThrownBy(() -> OrtNatives.privateFolder(open))
                .withMessageStartingWith("cache folder: open to other users");
        Path ours = OrtNatives.privateFolder(cache.resolve("ours"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ours)))
                .isEqualTo("rwx------");
        assertThat(OrtNatives.privateFolder(ours)).isEqualTo(ours);
    }

    @Test
    void namesSystemsAsTheJarDoes() {
        assertThat(OrtNatives.platform("Linux", "amd64")).isEqualTo("linux-x64");
        assertThat(OrtNatives.platform("Linux", "aarch64")).isEqualTo("linux-aarch64");
        assertThat(OrtNatives.platform("Mac OS X", "aarch64")).isEqualTo("osx-aarch64");
        assertThat(OrtNatives.platform("Windows 11", "amd64")).isEqualTo("win-x64");
    }
}
