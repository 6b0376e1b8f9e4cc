package io.tern.wire;

import io.tern.decoding.v1.Finished;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The choices of a stream, of which each ends when it does. One thread at a time. */
final class OpenChoices {
    private final int count;
    private final SortedMap<Integer, Finished> finished = new TreeMap<>();

    OpenChoices(int count) {
        this.count = count;
    }

    void finish(int choice, Finished event) {
        finished.put(choice, event);
    }

    boolean allFinished() {
        return finished.size() == count;
    }

    /** In the order of the choices. */
    List<Finished> finished() {
        return List.copyOf(finished.values());
    }
}
