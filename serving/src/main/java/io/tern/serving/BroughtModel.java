package io.tern.serving;

import io.tern.base.TernException;
import io.tern.model.v1.LoadModelRequest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model that somebody has brought.
 *
 * @param name under which it is served
 * @param path of a file or folder of this machine, absolute
 * @param precision to compute it in; empty: as the service is set
 * @param servedAs {@link #TENSORS}; empty: as what the service tells it to be
 * @param draft path of a smaller model that drafts for it, absolute; null: none
 */
public record BroughtModel(
        String name,
        Path path,
        String precision,
        String servedAs,
        @Nullable Path draft) {
    /** By what its graph takes and gives, whatever that means. */
    public static final String TENSORS = "tensors";

    /** @throws TernException INVALID_ARGUMENT */
    public BroughtModel {
        TernException.require(
                name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
                "name",
                name,
                "1..64 letters, digits, '.', '_' or '-', a letter or digit first");
        TernException.require(path.isAbsolute(), "path", path, "an absolute path");
        TernException.require(
                servedAs.isEmpty() || servedAs.equals(TENSORS), "serve_as", servedAs, TENSORS + ", or nothing");
        TernException.require(draft == null || draft.isAbsolute(), "draft", draft, "an absolute path");
    }

    /** As what the service tells it to be, without a model that drafts for it. */
    public BroughtModel(String name, Path path, String precision) {
        this(name, path, precision, "", null);
    }

    static BroughtModel of(LoadModelRequest request) {
        @Nullable Path draft = request.getDraft().isEmpty() ? null : path("draft", request.getDraft());
        return new BroughtModel(
                request.getName(),
                path("path", request.getPath()),
                request.getPrecision(),
                request.getServeAs(),
                draft);
    }

    private static Path path(String field, String value) {
        try {
            return Path.of(value).normalize();
        } catch (InvalidPathException e) {
            throw TernException.invalid(field, value, "a path of this machine");
        }
    }

    /** For a service that has graphs behind what it serves, and does not serve these themselves. */
    public void requireItsOwnKind() {
        TernException.require(servedAs.isEmpty(), "serve_as", servedAs, "nothing for this kind of model");
    }

    /** For a service that computes each model in one way only. */
    public void requirePrecision(String only) {
        TernException.require(
                precision.isEmpty() || precision.equals(only),
                "precision",
                precision,
                only + " for this kind of model");
    }

    /** For a service whose models write no tokens. */
    public void requireNoDraft() {
        TernException.require(draft == null, "draft", draft, "none for this kind of model");
    }
}
