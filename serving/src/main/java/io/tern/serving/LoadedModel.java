package io.tern.serving;

import io.tern.model.v1.Model;

/**
 * A model that can run.
 *
 * @param close frees its memory; called once, when nothing uses the model
 */
public record LoadedModel<T>(Model description, T model, Runnable close) {}
