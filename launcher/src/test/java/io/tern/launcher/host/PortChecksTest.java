package io.tern.launcher.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.launcher.host.Check.Verdict;
import io.tern.launcher.plan.Ports;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortChecksTest {
    private static final String LOOPBACK = "127.0.0.1";

    @Test
    void aTakenPortIsNamedWithItsPurposeItsHolderAndAnotherBase() throws IOException {
        try (ServerSocket socket = grpcOfSomeBase()) {
            Ports ports = new Ports(socket.getLocalPort() - 1010);

            List<Check> failed = PortChecks.of(ports, LOOPBACK).stream()
                    .filter(Check::failed)
                    .toList();

            assertThat(failed).isNotEmpty();
            assertThat(failed.getFirst().line())
                    .matches("port " + socket.getLocalPort() + " \\(gateway, gRPC\\) is taken by java \\(pid "
                            + ProcessHandle.current().pid()
                            + "\\); end that process or choose other ports: ./tern up --port-base \\d+");
            int other = Integer.parseInt(failed.getFirst().next().replaceAll("\\D", ""));
            assertThat(PortChecks.of(new Ports(other), LOOPBACK))
                    .singleElement()
                    .extracting(Check::verdict)
                    .isEqualTo(Verdict.OK);
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNotAPortInUse() {
        // 192.0.2.0/24 is for examples: RFC 5737.
        for (String bind : List.of("192.0.2.1", "not an address")) {
            assertThat(PortChecks.of(new Ports(Ports.DEFAULT_BASE), bind))
                    .singleElement()
                    .extracting(Check::line)
                    .isEqualTo("--bind: " + bind + " is no address of this machine; try --bind 127.0.0.1");
        }
    }

    /** A listener where the gateway of some base would have its gRPC. */
    private static ServerSocket grpcOfSomeBase() throws IOException {
        for (int base = 21_000; ; base += 100) {
            try {
                return new ServerSocket(base + 1010, 1, InetAddress.getLoopbackAddress());
            } catch (BindException _) {
                // Somebody else's: the next base.
            }
        }
    }
}
