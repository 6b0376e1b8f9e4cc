package io.tern.launcher.supervise;

import java.util.Locale;

/** How a process is. */
public enum ChildState {
    /** Alive, and has not been ready yet. */
    STARTING,
    READY,
    /** Alive and was ready; does not answer as it should now. */
    UNWELL,
    /** Dead; will be started again after a pause. */
    RESTARTING,
    /** Dead, and meant to be. */
    STOPPED;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
