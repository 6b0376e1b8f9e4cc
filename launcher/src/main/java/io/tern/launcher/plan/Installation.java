package io.tern.launcher.plan;

import io.tern.launcher.LaunchFailure;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is on the disk before anything runs.
 *
 * @param root the checkout, or in a container the folder with {@code models}
 * @param dist the folder of the runnable jars
 * @param java the program that runs them: the one that runs the launcher
 */
public record Installation(Path root, Path dist, Path java) {
    /** Property with the root; without it the current folder is the root. */
    public static final String ROOT_PROPERTY = "tern.root";

    /** @throws LaunchFailure if the models are not where they should be */
    public static Installation current() {
        Path root =
                Path.of(System.getProperty(ROOT_PROPERTY, "")).toAbsolutePath().normalize();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Installation installation = new Installation(root, ownJar().resolveSibling(""), java);
        if (!Files.isRegularFile(installation.catalogue())) {
            throw new LaunchFailure(
                    "there is no model catalogue at " + installation.catalogue(),
                    "start Tern by ./tern in its own folder");
        }
        return installation;
    }

    public Path catalogue() {
        return root.resolve("models").resolve("catalogue.json");
    }

    /** {@code jar("gateway")}: a thin jar whose manifest names the libraries. */
    public Path jar(String name) {
        return dist.resolve(name + ".jar");
    }

    /** A picture to try detection with. */
    public Path samplePicture() {
        return root.resolve(Path.of("models", "golden", "detection", "pictures", "chelsea.png"));
    }

    private static Path ownJar() {
        try {
            return Path.of(Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the launcher's own jar has no path", e);
        }
    }
}
