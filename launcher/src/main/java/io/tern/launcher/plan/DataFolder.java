package io.tern.launcher.plan;

import io.tern.launcher.LaunchFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where one running Tern keeps what must outlive it. Two of them never share a folder. */
public record DataFolder(Path root) {
    public DataFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** Weights fetched by a package client. */
    public Path models() {
        return root.resolve("models");
    }

    /** What can be made again: converted models, native libraries, archives of classes. */
    public Path cache() {
        return root.resolve("cache");
    }

    /** Kafka's log: jobs that are not finished. */
    public Path kafka() {
        return root.resolve("kafka");
    }

    /** Results of jobs. */
    public Path artifacts() {
        return root.resolve("artifacts");
    }

    /** Who may call: the gateway's file of keys. */
    public Path keys() {
        return root.resolve("keys");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    /** State of the running processes. */
    public Path run() {
        return root.resolve("run");
    }

    public Path log(Service service) {
        return logs().resolve(service.label() + ".log");
    }

    /** Output of a launcher in the background. */
    public Path launcherLog() {
        return logs().resolve("launcher.log");
    }

    public Path state() {
        return run().resolve("state.json");
    }

    public Path lock() {
        return run().resolve("lock");
    }

    /** @throws LaunchFailure if a folder cannot be made or written */
    public void create() {
        for (Path folder : List.of(models(), cache(), kafka(), artifacts(), logs(), run())) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new LaunchFailure(
                        "cannot make the folder " + folder, "choose another data folder: ./tern up --data DIR", e);
            }
            if (!Files.isWritable(folder)) {
                throw new LaunchFailure(
                        "the folder " + folder + " cannot be written",
                        "give yourself the right to, or choose another: ./tern up --data DIR");
            }
        }
    }
}
