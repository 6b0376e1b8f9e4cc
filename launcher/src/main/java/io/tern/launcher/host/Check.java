package io.tern.launcher.host;

/**
 * One thing that was looked at.
 *
 * @param detail what was found
 * @param next what to do about it; empty if nothing
 */
public record Check(String name, Verdict verdict, String detail, String next) {
    /** What it means for {@code up}. */
    public enum Verdict {
        OK,
        /** Works, but the reader may want to know. */
        NOTE,
        /** Tern cannot start. */
        FAIL
    }

    public static Check ok(String name, String detail) {
        return new Check(name, Verdict.OK, detail, "");
    }

    public static Check note(String name, String detail, String next) {
        return new Check(name, Verdict.NOTE, detail, next);
    }

    public static Check fail(String name, String detail, String next) {
        return new Check(name, Verdict.FAIL, detail, next);
    }

    public boolean failed() {
        return verdict == Verdict.FAIL;
    }

    /** {@code what; what to do}. */
    public String line() {
        return next.isEmpty() ? detail : detail + "; " + next;
    }
}
