package io.tern.gateway.images;

import io.tern.gateway.keys.SharedSecret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;

/** Links that work for a while and for whoever has them, and cannot be made by anybody else: HMAC-SHA256 over name and end. */
final class SignedLinks {
    private final SharedSecret secret;
    private final Duration lifetime;
    private final InstantSource clock;

    SignedLinks(SharedSecret secret, Duration lifetime, InstantSource clock) {
        this.secret = secret;
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
        return HexFormat.of().formatHex(secret.sign(expires + " " + name));
    }
}
