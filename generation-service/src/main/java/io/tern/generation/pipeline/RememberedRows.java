package io.tern.generation.pipeline;

import io.tern.generation.graph.Inference;
import io.tern.machine.Exactness;
import io.tern.machine.ExactnessRecord;
import io.tern.machine.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** What {@link RowEquality} found of each network on this machine: a file for each, so that it is tried once. */
public final class RememberedRows {
    private final Path folder;
    private final String conditions;

    /** @param threads that graphs run on, which kernels depend on */
    public RememberedRows(Path folder, Inference inference, int threads) {
        this.folder = folder;
        try {
            conditions = "rows " + RowEquality.VERSION + ", "
                    + Machine.conditions(
                            inference.runtime().version(),
                            inference.config().provider().label(),
                            threads);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell what machine this is", e);
        }
    }

    /** @param sha256 of the network */
    public Exactness of(String sha256, Supplier<Exactness> probe) {
        try {
            return new ExactnessRecord(folder, "network " + sha256 + ", " + conditions).readOr(probe);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep what was found out in " + folder, e);
        }
    }
}
