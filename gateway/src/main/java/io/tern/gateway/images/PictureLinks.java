package io.tern.gateway.images;

import com.google.protobuf.ByteString;
import io.tern.base.ErrorCode;
import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.gateway.keys.SharedSecret;
import io.tern.wire.images.PictureFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Pictures that were asked for as links: files under the hash of their bytes, kept for an hour and given out to whoever has
 * the link. Several gateways may share the folder, and with it the secret that signs.
 */
public final class PictureLinks {
    /** Under which the files are served. */
    public static final String ROUTE = "/v1/images/files/";

    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}\\.(png|jpeg|webp)");
    private static final String SECRET = "signing-secret";

    private final Path folder;
    private final InstantSource clock;
    private final SignedLinks links;

    private PictureLinks(Path folder, InstantSource clock, SharedSecret secret) {
        this.folder = folder;
        this.clock = clock;
        this.links = new SignedLinks(secret, LIFETIME, clock);
    }

    /** @param folder made if it is not there */
    public static PictureLinks open(Path folder, InstantSource clock) {
        try {
            Files.createDirectories(folder);
            return new PictureLinks(folder, clock, SharedSecret.open(folder.resolve(SECRET)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the folder of linked pictures", e);
        }
    }

    /** Keeps the picture. @return path and query of its link */
    String keep(PictureFile picture) {
        byte[] bytes = picture.bytes().toByteArray();
        String name = Sha256.of(bytes) + "." + picture.format();
        try {
            forgetOld();
            Path draft = Files.createTempFile(folder, "picture", ".new");
            Files.write(draft, bytes);
            Files.move(
                    draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep a picture", e);
        }
        return ROUTE + name + "?" + links.query(name);
    }

    /** @throws TernException NOT_FOUND, also for a link that has ended or was not made here: it tells nothing of the rest */
    PictureFile read(String name, String expires, String signature) {
        try {
            Matcher known = NAME.matcher(name);
            if (known.matches() && links.isValid(name, Long.parseLong(expires), signature)) {
                return new PictureFile(known.group(1), ByteString.copyFrom(Files.readAllBytes(folder.resolve(name))));
            }
        } catch (NumberFormatException | NoSuchFileException _) {
            // as an unknown one
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a kept picture", e);
        }
        throw new TernException(ErrorCode.NOT_FOUND, "link: unknown or ended (expected: one of the last hour)");
    }

    private void forgetOld() throws IOException {
        Instant oldest = clock.instant().minus(LIFETIME);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> !file.endsWith(SECRET)).toList()) {
                try {
                    if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException _) {
                    // another gateway was faster
                }
            }
        }
    }
}
