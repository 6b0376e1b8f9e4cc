package io.tern.generation.graph;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has been opened while something larger is being built: closed again, last first, unless that succeeds. */
public final class Opened implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    public <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    /** It succeeded: nothing is closed. */
    public void keep() {
        opened.clear();
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            closeOne(opened.pop());
        }
    }

    private static void closeOne(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException("cannot close what was opened", e);
        }
    }
}
