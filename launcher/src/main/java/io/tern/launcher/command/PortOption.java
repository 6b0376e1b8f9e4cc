package io.tern.launcher.command;

import io.tern.launcher.plan.Ports;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the ports are. */
final class PortOption {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    private Ports ports = new Ports(Ports.DEFAULT_BASE);

    @Option(
            names = "--port-base",
            paramLabel = "N",
            defaultValue = "" + Ports.DEFAULT_BASE,
            description = {
                "Moves all ports together; the default is ${DEFAULT-VALUE}. N: gateway; N+1: its management;",
                "N+1010: its gRPC; N+1021..1023: services; N+1031..1034: management; N+11012, N+11013: Kafka."
            })
    void setBase(int base) {
        try {
            ports = new Ports(base);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Objects.requireNonNull(command).commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    Ports ports() {
        return ports;
    }
}
