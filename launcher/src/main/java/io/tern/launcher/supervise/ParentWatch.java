package io.tern.launcher.supervise;

import java.io.IOException;
import java.io.InputStream;

/** Ends a process with the one that started it: a parent holds its child's standard input open for as long as it lives. */
public final class ParentWatch {
    private ParentWatch() {}

    /** Exits, through the shutdown hooks, when standard input ends: even a killed parent lets go of it. */
    public static void exitWithParent() {
        Thread watch = new Thread(() -> exitAtEnd(System.in), "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void exitAtEnd(InputStream in) {
        try {
            while (in.read() >= 0) {
                // Nobody writes; if somebody does, it means nothing.
            }
        } catch (IOException _) {
            // A broken pipe is an end, too.
        }
        System.exit(0);
    }
}
