package io.tern.launcher.model;

import io.tern.catalogue.Source;
import java.nio.file.Path;

/** Brings a wheel, unopened. */
@FunctionalInterface
public interface WheelClient {
    /**
     * Blocks until it is there.
     *
     * @param folder empty; takes the wheel and what the client needs meanwhile
     * @return the wheel, in the folder
     */
    Path download(Source.Wheel wheel, Path folder);
}
