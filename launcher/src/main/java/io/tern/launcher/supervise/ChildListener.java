package io.tern.launcher.supervise;

/** Hears of a process's changes, on the thread that looks after it. */
@FunctionalInterface
interface ChildListener {
    /** @param news one clause for people: {@code ready}, {@code ended with 137, again in 0.4 s} */
    void changed(ChildRecord now, String news);
}
