package io.tern.serving;

import io.tern.base.TernException;
import io.tern.model.v1.Model;

/** Takes up models while the service runs, and lets go of them again. Safe for use by many threads. */
public interface ModelLoading {
    /**
     * Serves it from now on. Of a model that had the name before, requests that use it go on; its memory is freed after
     * the last of them.
     *
     * @param replace whether it may take the name of another that was brought; of one from the same path it always may
     * @throws TernException INVALID_ARGUMENT if the name is another model's or this is no model that the service can run;
     *     all is served as before then
     */
    Model load(BroughtModel brought, boolean replace);

    /** Whether it is what requests get by its name, as {@link #load} gave it, and not another. */
    boolean serves(Model model);

    /**
     * Serves it no longer, and frees its memory when no request uses it any more.
     *
     * @throws TernException MODEL_NOT_FOUND; INVALID_ARGUMENT for a model that was not brought
     */
    void unload(String name);
}
