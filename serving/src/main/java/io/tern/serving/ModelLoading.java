package io.tern.serving;

import io.tern.base.TernException;
import io.tern.model.v1.Model;

/** Takes up models while the service runs, and lets go of them again. Safe for use by many threads. */
public interface ModelLoading {
    /**
     * Serves it from now on; a model of that name which came from the same path before goes when its requests have ended.
     *
     * @throws TernException INVALID_ARGUMENT if the name is another model's or this is no model that the service can run;
     *     all is served as before then
     */
    Model load(BroughtModel brought);

    /**
     * Serves it no longer, waits until no request uses it, and frees its memory.
     *
     * @throws TernException MODEL_NOT_FOUND; INVALID_ARGUMENT for a model that was not brought
     */
    void unload(String name);
}
