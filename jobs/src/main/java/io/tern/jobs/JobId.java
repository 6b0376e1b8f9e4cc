package io.tern.jobs;

import io.tern.base.TernException;
import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * Names of jobs. Ours have 26 characters: 48 bits of milliseconds since 1970, so that they sort by age, then 80 random
 * bits, so that nobody guesses them; in Crockford's base 32 without i, l, o and u, as a ULID. Who submits through Kafka
 * chooses their own.
 */
public final class JobId {
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TIME_CHARACTERS = 10;
    private static final int RANDOM_CHARACTERS = 16;

    /** Characters of ours. */
    public static final int LENGTH = TIME_CHARACTERS + RANDOM_CHARACTERS;

    private JobId() {}

    /** @param epochMillis milliseconds since 1970, 0..2^48-1 */
    public static String next(long epochMillis) {
        StringBuilder id = new StringBuilder(LENGTH);
        for (int digit = TIME_CHARACTERS - 1; digit >= 0; digit--) {
            id.append(ALPHABET[(int) (epochMillis >>> (5 * digit)) & 31]);
        }
        byte[] random = new byte[RANDOM_CHARACTERS];
        RANDOM.nextBytes(random);
        for (byte bits : random) {
            id.append(ALPHABET[bits & 31]);
        }
        return id.toString();
    }

    /** Whether it is 1..64 of {@code [A-Za-z0-9_-]}: such a name cannot leave the folder it is put in. */
    public static boolean isValid(String id) {
        return VALID.matcher(id).matches();
    }

    /** @throws TernException INVALID_ARGUMENT if it is no name of a job */
    public static String require(String id) {
        if (!isValid(id)) {
            throw TernException.invalid("id", id, "1..64 of [A-Za-z0-9_-]");
        }
        return id;
    }
}
