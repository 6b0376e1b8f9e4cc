package io.tern.launcher.command;

import io.tern.launcher.plan.DataFolder;
import io.tern.launcher.plan.Installation;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which running Tern is meant: each has a data folder of its own. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder for models, jobs, results and logs; .tern in the checkout by default.")
    private @Nullable Path folder;

    DataFolder in(Installation installation) {
        return new DataFolder(folder == null ? installation.root().resolve(".tern") : folder);
    }
}
