package io.tern.gateway.keys;

import io.tern.base.ErrorCode;
import io.tern.base.Sha256;
import io.tern.base.TernException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows who calls by the key that came with the call. Without a file of keys, or with one that has none, everybody may
 * call. The file is read again when it has changed, so that keys come and go while the gateway runs; one that became
 * unreadable or was taken away changes nothing. Safe for use by many threads.
 */
public final class Keyring {
    private static final Logger log = LoggerFactory.getLogger(Keyring.class);
    private static final long LOOK_AGAIN_MILLIS = 1_000;

    private final Path file;
    private final InstantSource clock;
    private final Map<String, RequestRate> rates = new ConcurrentHashMap<>();
    private volatile List<ApiKey> keys;
    private volatile long lookedMillis;
    /** Of the keys that are known; null: there was no file. */
    private @Nullable FileTime changed;

    private Keyring(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        this.lookedMillis = clock.millis();
        this.keys = List.of();
        try {
            read();
        } catch (IOException e) {
            throw new UncheckedIOException("the keys cannot be read", e);
        }
    }

    /** @throws IllegalArgumentException for a file with a line that is no key */
    public static Keyring open(Path file, InstantSource clock) {
        return new Keyring(file, clock);
    }

    /** Whether callers need a key now. */
    public boolean asksForKeys() {
        lookAgain();
        return !keys.isEmpty();
    }

    /**
     * Counts a call.
     *
     * @param authorization as HTTP has it: {@code Bearer KEY}, or {@code Basic} with the key for a password
     * @return who calls
     * @throws TernException UNAUTHENTICATED without a key that is known, OVERLOADED for one that has called too often
     */
    public Caller admit(@Nullable String authorization) {
        if (!asksForKeys()) {
            return Caller.ANYBODY;
        }
        ApiKey key = find(authorization);
        int perMinute = key.limits().requestsPerMinute().orElse(0);
        if (perMinute > 0
                && !rates.computeIfAbsent(key.name(), _ -> new RequestRate(clock, perMinute))
                        .take(perMinute)) {
            throw new TernException(
                    ErrorCode.OVERLOADED, "requests: more than " + perMinute + " a minute for the key " + key.name());
        }
        return Caller.of(key);
    }

    /** Compared by hashes, which tell nothing of how much of a key was right. */
    private ApiKey find(@Nullable String authorization) {
        if (authorization == null) {
            throw unknown("none");
        }
        String hash = Sha256.of(secret(authorization));
        return keys.stream()
                .filter(key -> key.sha256().equals(hash))
                .findFirst()
                .orElseThrow(() -> unknown("not one of this server's"));
    }

    private static TernException unknown(String what) {
        return new TernException(
                ErrorCode.UNAUTHENTICATED,
                "key: " + what + " (expected: Authorization: Bearer KEY, made by ./tern keys)");
    }

    private static String secret(String authorization) {
        String[] parts = authorization.strip().split("\\s+", 2);
        if (parts.length < 2) {
            return "";
        }
        if (!parts[0].equalsIgnoreCase("Basic")) {
            return parts[1];
        }
        try {
            String pair = new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private void lookAgain() {
        if (Math.abs(clock.millis() - lookedMillis) < LOOK_AGAIN_MILLIS) {
            return;
        }
        synchronized (this) {
            lookedMillis = clock.millis();
            try {
                read();
            } catch (IllegalArgumentException | IOException e) {
                log.error("the keys stay as they were: {}", e.getMessage());
            }
        }
    }

    private synchronized void read() throws IOException {
        FileTime now;
        try {
            now = Files.getLastModifiedTime(file);
        } catch (NoSuchFileException e) {
            if (changed != null) {
                throw e; // keys were asked for, and are as long as nobody says that they are not
            }
            return;
        }
        if (!now.equals(changed)) {
            keys = List.copyOf(KeyFile.read(file));
            changed = now;
        }
    }
}
