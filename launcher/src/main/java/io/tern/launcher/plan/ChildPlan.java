package io.tern.launcher.plan;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * How one process is started and looked after.
 *
 * @param command program and arguments
 * @param port the port shown to people
 * @param ready answers 200 once the process can work
 * @param live answers 200 as long as the process itself is well
 * @param log takes its output
 */
public record ChildPlan(Service service, List<String> command, int port, URI ready, URI live, Path log) {
    public ChildPlan {
        command = List.copyOf(command);
    }
}
