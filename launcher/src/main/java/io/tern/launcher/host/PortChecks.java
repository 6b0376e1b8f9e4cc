package io.tern.launcher.host;

import io.tern.launcher.plan.LaunchPlan;
import io.tern.launcher.plan.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Whether the ports can be had. */
public final class PortChecks {
    /** Apart far enough that no two sets share a port. */
    private static final int STEP = 100;

    private PortChecks() {}

    /**
     * One check that passes, or one that fails for each port in use.
     *
     * @param bind address of the gateway's two ports; the others are on loopback
     */
    public static List<Check> of(Ports ports, String bind) {
        if (!PortOwner.isFree(bind, 0)) {
            return List.of(Check.fail(
                    "bind", "--bind: " + bind + " is no address of this machine", "try --bind " + LaunchPlan.LOOPBACK));
        }
        Map<Integer, String> taken = taken(ports, bind);
        if (taken.isEmpty()) {
            return List.of(Check.ok("ports", "free, from base " + ports.base()));
        }
        String next = "end that process or choose other ports: ./tern up --port-base " + freeBase(ports.base(), bind);
        List<Check> checks = new ArrayList<>();
        taken.forEach((port, purpose) -> checks.add(Check.fail("ports", line(port, purpose), next)));
        return checks;
    }

    private static Map<Integer, String> taken(Ports ports, String bind) {
        Map<Integer, String> uses = ports.all();
        uses.keySet().removeIf(port -> {
            boolean gateway = port == ports.gatewayHttp() || port == ports.gatewayGrpc();
            return PortOwner.isFree(gateway ? bind : LaunchPlan.LOOPBACK, port);
        });
        return uses;
    }

    private static String line(int port, String purpose) {
        String owner = PortOwner.of(port).map(text -> " by " + text).orElse("");
        return "port " + port + " (" + purpose + ") is taken" + owner;
    }

    /** The next base above whose ports are all free now; {@code N} if none is. */
    private static String freeBase(int base, String bind) {
        return IntStream.iterate(base + STEP, next -> next <= Ports.HIGHEST_BASE, next -> next + STEP)
                .filter(next -> taken(new Ports(next), bind).isEmpty())
                .mapToObj(String::valueOf)
                .findFirst()
                .orElse("N");
    }
}
