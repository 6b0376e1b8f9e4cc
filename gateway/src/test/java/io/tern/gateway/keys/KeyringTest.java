package io.tern.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.Sha256;
import io.tern.base.TernException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringTest {
    @TempDir
    private Path folder;

    private final AtomicLong millis = new AtomicLong();
    private Path file;

    @BeforeEach
    void path() {
        file = folder.resolve("keys");
    }

    @Test
    void withoutKeysEverybodyMayCall() throws IOException {
        assertThat(open().admit(null)).isSameAs(Caller.ANYBODY);
        write("# none yet");
        assertThat(open().admit("Bearer anything")).isSameAs(Caller.ANYBODY);
    }

    @Test
    void keysComeAndGoWhileItRuns() throws IOException {
        Keyring keyring = open();
        write("one " + Sha256.of("first"));
        millis.addAndGet(1_000);
        assertThatThrownBy(() -> keyring.admit(null))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
        keyring.admit("Bearer first");
        write("one " + Sha256.of("second"));
        millis.addAndGet(1_000);
        keyring.admit("bearer second");
        assertThatThrownBy(() -> keyring.admit("Bearer first")).isInstanceOf(TernException.class);
    }

    @Test
    void aFileThatBecameWrongChangesNothing() throws IOException {
        write("one " + Sha256.of("first"));
        Keyring keyring = open();
        write("one");
        millis.addAndGet(1_000);
        keyring.admit("Bearer first");
        assertThatThrownBy(() -> keyring.admit(null)).isInstanceOf(TernException.class);
    }

    @Test
    void aFileThatIsTakenAwayLetsNobodyIn() throws IOException {
        write("one " + Sha256.of("first"));
        Keyring keyring = open();
        Files.delete(file);
        millis.addAndGet(1_000);
        assertThatThrownBy(() -> keyring.admit(null)).isInstanceOf(TernException.class);
        keyring.admit("Bearer first");
        write("# everybody");
        millis.addAndGet(1_000);
        assertThat(keyring.admit(null)).isSameAs(Caller.ANYBODY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"one", "one 1234", "one %s steps", "one %s steps=0", "one %s steps=99999999999", "one %s legs=4"
            })
    void aLineThatIsNoKeyIsRefusedWithItsNumber(String line) throws IOException {
        write("", line.formatted(Sha256.of("first")));
        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void aMinutesCallsComeBackAsTimeGoesBy() throws IOException {
        write("one " + Sha256.of("first") + " requests-per-minute=2");
        Keyring keyring = open();
        keyring.admit("Bearer first");
        keyring.admit("Bearer first");
        assertThatThrownBy(() -> keyring.admit("Bearer first"))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        millis.addAndGet(30_000);
        keyring.admit("Bearer first");
        assertThatThrownBy(() -> keyring.admit("Bearer first")).isInstanceOf(TernException.class);
        millis.addAndGet(3_600_000);
        keyring.admit("Bearer first");
        keyring.admit("Bearer first");
        assertThatThrownBy(() -> keyring.admit("Bearer first")).isInstanceOf(TernException.class);
    }

    private Keyring open() {
        return Keyring.open(file, () -> Instant.ofEpochMilli(millis.get()));
    }

    private void write(String... lines) throws IOException {
        Files.write(file, List.of(lines));
        Files.setLastModifiedTime(file, FileTime.fromMillis(millis.get() + lines[0].length() + 1));
    }
}
