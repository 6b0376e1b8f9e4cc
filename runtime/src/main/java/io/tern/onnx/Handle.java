package io.tern.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.List;

/**
 * A native object in a shared arena of its own, which it leaves when it is closed. Closing is refused while a call is in
 * the object (the linker holds the arena) and while objects that depend on it are open; a call after close throws
 * IllegalStateException. Guarded by its own lock.
 */
final class Handle implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final OrtApi api;
    private final String name;
    private final List<Handle> owners;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pointer;
    private int dependents;
    private boolean abandoned;

    /** @param owners are to stay open until this is closed */
    Handle(OrtApi api, String name, MemorySegment object, OrtFunction release, Handle... owners) {
        this.api = api;
        this.name = name;
        this.owners = List.of(owners);
        this.pointer = attach(object, release);
        this.owners.forEach(Handle::addDependent);
    }

    /** Pass it on as it is: its scope is what keeps it open during a call, and refuses it afterwards. */
    MemorySegment pointer() {
        return pointer;
    }

    OrtApi api() {
        return api;
    }

    Arena arena() {
        return arena;
    }

    /** One more native object that lives as long as this one. Released in reverse order. */
    MemorySegment attach(MemorySegment object, OrtFunction release) {
        return api.own(arena, object, release);
    }

    boolean isOpen() {
        return arena.scope().isAlive();
    }

    void requireOpen() {
        if (!isOpen()) {
            throw new IllegalStateException(name + ": closed");
        }
    }

    synchronized void addDependent() {
        requireOpen();
        dependents++;
    }

    synchronized void removeDependent() {
        dependents--;
        if (abandoned && dependents == 0) {
            close();
        }
    }

    /** Idempotent. @throws IllegalStateException while it is in use */
    @Override
    public synchronized void close() {
        if (!isOpen()) {
            return;
        }
        if (dependents > 0) {
            throw new IllegalStateException(name + ": " + dependents + " open dependents (expected: none)");
        }
        try {
            arena.close();
        } catch (IllegalStateException inUse) {
            throw new IllegalStateException(name + ": a call is in flight (expected: none)", inUse);
        }
        owners.forEach(Handle::removeDependent);
    }

    /** The safety net: closes what nobody can reach any more, and says so by doing it late. */
    void closeWhenUnreachable(Object wrapper) {
        CLEANER.register(wrapper, this::abandon);
    }

    private synchronized void abandon() {
        abandoned = true;
        if (dependents == 0) {
            close();
        }
    }
}
