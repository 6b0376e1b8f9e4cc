package io.tern.launcher.host;

import io.tern.launcher.plan.LaunchPlan;
import io.tern.launcher.plan.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether the ports of a plan can be had. */
public final class PortChecks {
    private PortChecks() {}

    /** One check that passes, or one that fails for each port in use. */
    public static List<Check> of(LaunchPlan plan) {
        Ports ports = plan.ports();
        List<Check> taken = new ArrayList<>();
        for (Map.Entry<Integer, String> use : ports.all().entrySet()) {
            int port = use.getKey();
            boolean gateway = port == ports.gatewayHttp() || port == ports.gatewayGrpc();
            if (!PortOwner.isFree(gateway ? plan.bind() : LaunchPlan.LOOPBACK, port)) {
                taken.add(taken(port, use.getValue(), ports.base()));
            }
        }
        return taken.isEmpty() ? List.of(Check.ok("ports", "free, from base " + ports.base())) : taken;
    }

    private static Check taken(int port, String purpose, int base) {
        String owner = PortOwner.of(port).map(text -> " by " + text).orElse("");
        return Check.fail(
                "ports",
                "port " + port + " (" + purpose + ") is taken" + owner,
                "end that process or choose other ports: ./tern up --port-base " + (base + 100));
    }
}
