package io.tern.gateway.images;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Links that work for a while and for whoever has them, and cannot be made by anybody else: HMAC-SHA256 over name and end. */
final class SignedLinks {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final Duration lifetime;
    private final InstantSource clock;

    SignedLinks(byte[] secret, Duration lifetime, InstantSource clock) {
        this.key = new SecretKeySpec(secret, ALGORITHM);
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** What follows the {@code ?} of a link to this name. */
    String query(String name) {
        long expires = clock.instant().plus(lifetime).getEpochSecond();
        return "expires=" + expires + "&signature=" + signature(name, expires);
    }

    /** Whether the link was made here and has not ended. */
    boolean isValid(String name, long expires, String signature) {
        byte[] expected = signature(name, expires).getBytes(StandardCharsets.US_ASCII);
        // compared in constant time, so that a signature cannot be found digit by digit
        boolean ours = MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8));
        return ours && clock.instant().getEpochSecond() <= expires;
    }

    private String signature(String name, long expires) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal((expires + " " + name).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }
}
