package io.tern.gateway.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.wire.images.PictureFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureLinksTest {
    private static final PictureFile WEBP = new PictureFile("webp", ByteString.copyFrom(new byte[] {1, 2, 3}));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    @TempDir
    Path folder;

    @Test
    void worksForAnHourAndAfterARestart() {
        String link = open().keep(WEBP);
        assertThat(read(open(), link)).isEqualTo(WEBP);
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(59)));
        assertThat(read(open(), link)).isEqualTo(WEBP);
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
        assertThatThrownBy(() -> read(open(), link))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void readsNothingElse() throws Exception {
        PictureLinks links = open();
        links.keep(WEBP);
        Files.write(folder.resolve("other"), new byte[3]);
        assertThatThrownBy(() -> links.read("other", "9999999999", "")).isInstanceOf(TernException.class);
        assertThatThrownBy(() -> links.read("../secret", "x", "y")).isInstanceOf(TernException.class);
    }

    @Test
    void forgetsOldPictures() throws Exception {
        PictureLinks links = open();
        links.keep(WEBP);
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(now.get().minus(Duration.ofHours(2))));
            }
        }
        links.keep(new PictureFile("png", ByteString.copyFrom(new byte[] {4})));
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2); // the new one and the secret
        }
    }

    private PictureLinks open() {
        return PictureLinks.open(folder, now::get);
    }

    private static PictureFile read(PictureLinks links, String link) {
        Matcher parts = Pattern.compile(".*/(.*)\\?expires=(.*)&signature=(.*)").matcher(link);
        assertThat(parts.matches()).isTrue();
        return links.read(parts.group(1), parts.group(2), parts.group(3));
    }
}
