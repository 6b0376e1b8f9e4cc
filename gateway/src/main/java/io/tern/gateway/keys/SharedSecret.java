package io.tern.gateway.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that signs (HMAC-SHA256), in a file that all gateways of a data directory share: what one has signed another
 * knows, also after a restart. The file has the form of Standard Webhooks, {@code whsec_} and base64, so that it can be given
 * to who verifies. Safe for many threads.
 */
public final class SharedSecret {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";
    private static final int BYTES = 32;

    private final SecretKeySpec key;

    private SharedSecret(byte[] secret) {
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    /**
     * Makes the file if there is none, readable by its owner alone; of several gateways one wins.
     *
     * @throws IOException if it cannot be made or read, or holds no secret
     */
    public static SharedSecret open(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        String text = Files.readString(file).strip();
        try {
            if (text.startsWith(PREFIX) && text.length() > PREFIX.length()) {
                return new SharedSecret(Base64.getDecoder().decode(text.substring(PREFIX.length())));
            }
        } catch (IllegalArgumentException _) {
            // as any other text
        }
        throw new IOException(file + ": no secret (expected: " + PREFIX + "BASE64)");
    }

    private static void create(Path file) throws IOException {
        byte[] fresh = new byte[BYTES];
        new SecureRandom().nextBytes(fresh);
        Path draft = Files.createTempFile(file.getParent(), "secret", ".new"); // readable by its owner alone
        Files.writeString(draft, PREFIX + Base64.getEncoder().encodeToString(fresh) + "\n");
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException another) {
            // its secret counts
        } finally {
            Files.delete(draft);
        }
    }

    /** @return 32 bytes */
    public byte[] sign(String message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }
}
