package io.tern.launcher.supervise;

import io.tern.launcher.LaunchFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The state in a file. A reader sees the old or the new state, never half of one. */
public record RunStateFile(Path file) {
    /** For one writer at a time. */
    public void write(RunState state) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(fresh, JsonMapper.shared().writeValueAsBytes(state));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LaunchFailure("cannot write " + file, "make room on its disk", e);
        }
    }

    /** Empty if nothing was started here, or it was ended in order. */
    public Optional<RunState> read() {
        try {
            return Optional.of(JsonMapper.shared().readValue(Files.readAllBytes(file), RunState.class));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException | JacksonException e) {
            throw new LaunchFailure("cannot read " + file, "delete it if Tern does not run", e);
        }
    }

    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LaunchFailure("cannot delete " + file, "delete it by hand", e);
        }
    }
}
