package io.tern.serving;

import io.tern.base.TernException;
import io.tern.model.v1.LoadModelRequest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A model that somebody has brought.
 *
 * @param name under which it is served
 * @param path of a file or folder of this machine, absolute
 * @param precision to compute it in; empty: as the service is set
 * @param servedAs {@link #TENSORS}; empty: as what the service tells it to be
 */
public record BroughtModel(String name, Path path, String precision, String servedAs) {
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
    }

    static BroughtModel of(LoadModelRequest request) {
        try {
            Path path = Path.of(request.getPath()).normalize();
            return new BroughtModel(request.getName(), path, request.getPrecision(), request.getServeAs());
        } catch (InvalidPathException e) {
            throw TernException.invalid("path", request.getPath(), "a path of this machine");
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
}
