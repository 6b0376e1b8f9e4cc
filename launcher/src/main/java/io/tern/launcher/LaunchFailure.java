package io.tern.launcher;

/** Something on this machine is in the way. The message is one line: what is wrong; then what to do about it. */
public final class LaunchFailure extends RuntimeException {
    /**
     * @param what one clause, without a full stop
     * @param next what the reader can do, best a command to copy
     */
    public LaunchFailure(String what, String next) {
        super(what + "; " + next);
    }

    public LaunchFailure(String what, String next, Throwable cause) {
        super(what + "; " + next, cause);
    }
}
