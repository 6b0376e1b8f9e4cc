package io.tern.launcher;

import io.tern.launcher.host.Check;
import io.tern.launcher.host.HostChecks;
import io.tern.launcher.host.PortChecks;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.plan.LaunchPlan;
import io.tern.launcher.plan.Ports;
import io.tern.launcher.report.CheckTable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The checks of {@code up} and {@code doctor} before anything is built. {@code ./tern} runs this class from its source, so
 * it and all that it uses need nothing but the JDK.
 */
public final class Preflight {
    private static final Set<String> WITH_VALUE = Set.of("--port-base", "--data", "--bind");
    private static final Set<String> ALONE = Set.of("--detach");

    private Preflight() {}

    /** Takes the command line of {@code ./tern}. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** Gives the exit code: 0 if Tern can start, 1 if it cannot, 2 for wrong usage. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        String command = arguments.getFirst();
        try {
            Map<String, String> options = options(arguments.subList(1, arguments.size()));
            String usual = System.getProperty(Installation.ROOT_PROPERTY, ".") + "/.tern";
            Path data = Path.of(options.getOrDefault("--data", usual));
            List<Check> checks = new ArrayList<>(HostChecks.essential(data));
            checks.addAll(PortChecks.of(ports(options), options.getOrDefault("--bind", LaunchPlan.LOOPBACK)));
            return command.equals("doctor") ? report(checks, out) : firstFailure(checks, err);
        } catch (LaunchFailure e) {
            err.println("tern: " + e.getMessage());
            return 1;
        } catch (IllegalArgumentException e) {
            err.println("tern: " + e.getMessage() + "; see ./tern " + command + " --help");
            return 2;
        }
    }

    private static int report(List<Check> checks, PrintStream out) {
        // No service is built yet, with CUDA or without.
        checks.addAll(HostChecks.further(Path.of("")));
        CheckTable.of(checks).forEach(out::println);
        return checks.stream().anyMatch(Check::failed) ? 1 : 0;
    }

    private static int firstFailure(List<Check> checks, PrintStream err) {
        return checks.stream()
                .filter(Check::failed)
                .findFirst()
                .map(failed -> {
                    err.println("tern: " + failed.line());
                    return 1;
                })
                .orElse(0);
    }

    private static Ports ports(Map<String, String> options) {
        String base = options.getOrDefault("--port-base", String.valueOf(Ports.DEFAULT_BASE));
        try {
            return new Ports(Integer.parseInt(base));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("port base: " + base + " (expected: a number)", e);
        }
    }

    /** By name, as {@code --name value} or {@code --name=value}. */
    private static Map<String, String> options(List<String> arguments) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String[] parts = arguments.get(i).split("=", 2);
            if (WITH_VALUE.contains(parts[0])) {
                if (parts.length == 1 && i + 1 == arguments.size()) {
                    throw new IllegalArgumentException(parts[0] + ": nothing (expected: a value)");
                }
                options.put(parts[0], parts.length == 2 ? parts[1] : arguments.get(++i));
            } else if (!ALONE.contains(arguments.get(i))) {
                throw new IllegalArgumentException("unknown argument: " + arguments.get(i));
            }
        }
        return options;
    }
}
