package io.tern.launcher.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/** All ports, at fixed distances from one base, so that two checkouts need differ in one number only. */
public record Ports(int base) {
    public static final int DEFAULT_BASE = 8080;
    /** The farthest port lies this far above the base. */
    private static final int SPAN = 11_013;

    public static final int HIGHEST_BASE = 65_535 - SPAN;

    public Ports {
        if (base < 1024 || base > HIGHEST_BASE) {
            throw new IllegalArgumentException("port base: " + base + " (expected: 1024.." + HIGHEST_BASE + ")");
        }
    }

    public int gatewayHttp() {
        return base;
    }

    public int gatewayManagement() {
        return base + 1;
    }

    public int gatewayGrpc() {
        return base + 1010;
    }

    public int kafkaController() {
        return base + SPAN;
    }

    /** The port by which others use the service: HTTP for the gateway, gRPC for the model services. */
    public int of(Service service) {
        return switch (service) {
            case KAFKA -> base + 11_012;
            case DETECTION -> base + 1021;
            case GENERATION -> base + 1022;
            case DECODING -> base + 1023;
            case GATEWAY -> gatewayHttp();
        };
    }

    /** The loopback port with {@code /health} and {@code /metrics}. */
    public int management(Service service) {
        return switch (service) {
            case DETECTION -> base + 1031;
            case GENERATION -> base + 1032;
            case DECODING -> base + 1033;
            case KAFKA -> base + 1034;
            case GATEWAY -> gatewayManagement();
        };
    }

    /** Every port and what it is for. */
    public Map<Integer, String> all() {
        Map<Integer, String> all = new LinkedHashMap<>();
        all.put(gatewayHttp(), "gateway, HTTP");
        all.put(gatewayGrpc(), "gateway, gRPC");
        for (Service service : Service.values()) {
            all.putIfAbsent(of(service), service.label());
            all.put(management(service), service.label() + ", management");
        }
        all.put(kafkaController(), "kafka, controller");
        return all;
    }
}
