package io.tern.launcher.report;

import java.io.PrintStream;

/** Lines that stay and, on a terminal, one line below them that is written over and over. Safe for many threads. */
public final class Console {
    private static final String CLEAR = "\r\u001B[K";

    private final PrintStream out;
    private final boolean terminal;
    private boolean liveShown;

    public Console(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @SuppressWarnings("SystemConsoleNull") // Since JDK 25 it is null again where input or output is no terminal.
    public static Console standard() {
        java.io.Console console = System.console();
        return new Console(System.out, console != null && console.isTerminal());
    }

    public synchronized void line(String text) {
        clear();
        out.println(text);
        out.flush();
    }

    /** Shown until the next call; not at all where the output is a file. */
    public synchronized void live(String text) {
        if (terminal) {
            out.print(CLEAR + text);
            out.flush();
            liveShown = true;
        }
    }

    private void clear() {
        if (liveShown) {
            out.print(CLEAR);
            liveShown = false;
        }
    }
}
