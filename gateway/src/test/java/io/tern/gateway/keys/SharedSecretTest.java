package io.tern.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedSecretTest {
    @TempDir
    Path folder;

    @Test
    void theSecondGatewayFindsTheSecretOfTheFirst() throws IOException {
        Path file = folder.resolve("secret");
        byte[] first = SharedSecret.open(file).sign("a");
        assertThat(SharedSecret.open(file).sign("a")).isEqualTo(first).hasSize(32);
        assertThat(SharedSecret.open(file).sign("b")).isNotEqualTo(first);
        assertThat(SharedSecret.open(folder.resolve("other")).sign("a")).isNotEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2); // no drafts are left
        }
    }

    @Test
    void aFileThatHoldsNoSecretIsRefused() throws IOException {
        for (String text : new String[] {"", "whsec_", "secret", "whsec_!"}) {
            Path file = Files.writeString(folder.resolve("secret"), text);
            assertThatThrownBy(() -> SharedSecret.open(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("whsec_BASE64");
        }
    }
}
