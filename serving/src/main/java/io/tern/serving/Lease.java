package io.tern.serving;

import java.util.concurrent.atomic.AtomicBoolean;

/** A served model that stays loaded until this is closed: what a request holds from its arrival to its end. */
public final class Lease<T> implements AutoCloseable {
    private final String id;
    private final T model;
    private final Runnable giveBack;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lease(String id, T model, Runnable giveBack) {
        this.id = id;
        this.model = model;
        this.giveBack = giveBack;
    }

    /** What the model is called, where the request may have named none. */
    public String id() {
        return id;
    }

    public T model() {
        return model;
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            giveBack.run();
        }
    }
}
