package io.tern.launcher.deploy;

import io.tern.launcher.plan.ChildPlan;
import io.tern.launcher.plan.DataFolder;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.plan.LaunchPlan;
import io.tern.launcher.plan.Ports;
import io.tern.launcher.plan.Service;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The options which the launcher gives to a service: what a manifest says must be among them. */
final class Options {
    private Options() {}

    static Set<String> known(String service) {
        Installation installation = new Installation(Path.of("/"), Path.of("/"), Path.of("java"));
        ChildPlan plan = new LaunchPlan(installation, new DataFolder(Path.of("/")), new Ports(8080), "127.0.0.1")
                .children()
                .get(Service.named(service).orElseThrow().ordinal());
        // On one machine management stays on loopback, and the launcher need not say so.
        return Stream.concat(names(plan.command().stream()), Stream.of("--tern.management-address"))
                .collect(Collectors.toSet());
    }

    static List<String> of(Yaml arguments) {
        return names(arguments.items().stream().map(Yaml::text)).toList();
    }

    /** Below the data folder, by what a service keeps there. */
    static List<String> writtenFolders(String service) {
        return service.equals("gateway")
                ? List.of("/data/artifacts", "/data/files", "/data/pictures")
                : List.of("/data/artifacts", "/data/cache", "/data/brought");
    }

    private static Stream<String> names(Stream<String> arguments) {
        return arguments.filter(argument -> argument.matches("--[a-z.-]+=.*")).map(option -> option.split("=", 2)[0]);
    }
}
