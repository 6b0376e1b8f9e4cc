package io.tern.launcher.plan;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What {@code up} starts: five command lines from one installation, one data folder, one port base and one address. Only
 * the gateway listens on that address; everything behind it stays on loopback.
 *
 * @param bind address of the gateway's two ports
 */
public record LaunchPlan(Installation installation, DataFolder data, Ports ports, String bind) {
    public static final String LOOPBACK = "127.0.0.1";
    private static final String BROKER_MAIN = "io.tern.launcher.broker.BrokerProcess";

    /** The addresses that stand for every address of the machine. */
    private static final Set<String> ANY = Set.of("0.0.0.0", "::");

    /** How a client on this machine reaches the gateway. */
    public URI gateway() {
        String host = ANY.contains(bind) ? LOOPBACK : bind;
        String literal = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return URI.create("http://" + literal + ":" + ports.gatewayHttp());
    }

    /** Whether other machines can reach the gateway. */
    public boolean isPublic() {
        return !bind.startsWith("127.") && !bind.equals("::1") && !bind.equals("localhost");
    }

    /** All processes, in the order of {@link Service}. */
    public List<ChildPlan> children() {
        return Arrays.stream(Service.values()).map(this::child).toList();
    }

    private ChildPlan child(Service service) {
        List<String> command = new ArrayList<>();
        command.add(installation.java().toString());
        command.addAll(JvmFlags.of(service));
        command.addAll(
                switch (service) {
                    case KAFKA -> List.of("-cp", jar("launcher"), BROKER_MAIN);
                    case DETECTION, GENERATION, DECODING -> List.of("-jar", jar(service.label() + "-service"));
                    case GATEWAY -> List.of("-jar", jar("gateway"));
                });
        command.addAll(arguments(service));
        URI management = URI.create("http://" + LOOPBACK + ":" + ports.management(service));
        URI ready = service == Service.GATEWAY ? gateway().resolve("/health/ready") : management.resolve("/health");
        URI live = service == Service.GATEWAY ? gateway().resolve("/health/live") : ready;
        return new ChildPlan(service, command, ports.of(service), ready, live, data.log(service));
    }

    private List<String> arguments(Service service) {
        return switch (service) {
            case KAFKA ->
                List.of(
                        "--port=" + ports.of(service),
                        "--controller-port=" + ports.kafkaController(),
                        "--management-port=" + ports.management(service),
                        "--directory=" + data.kafka());
            case DETECTION, GENERATION, DECODING -> modelService(service);
            case GATEWAY -> gatewayArguments();
        };
    }

    private List<String> modelService(Service service) {
        return List.of(
                "--spring.grpc.server.port=" + ports.of(service),
                "--spring.grpc.server.address=" + LOOPBACK,
                "--tern.catalogue=" + installation.catalogue(),
                "--tern.models-directory=" + data.models(),
                "--tern.data-directory=" + data.root(),
                "--tern.device=auto",
                "--tern.threads=" + Runtime.getRuntime().availableProcessors(),
                "--tern.kafka-bootstrap-servers=" + kafka(),
                "--tern.management-port=" + ports.management(service),
                "--tern.supervised=true");
    }

    private List<String> gatewayArguments() {
        return List.of(
                "--server.port=" + ports.gatewayHttp(),
                "--server.address=" + bind,
                "--management.server.port=" + ports.gatewayManagement(),
                "--management.server.address=" + LOOPBACK,
                "--spring.grpc.server.port=" + ports.gatewayGrpc(),
                "--spring.grpc.server.address=" + bind,
                "--tern.upstream.detection=" + upstream(Service.DETECTION),
                "--tern.upstream.generation=" + upstream(Service.GENERATION),
                "--tern.upstream.decoding=" + upstream(Service.DECODING),
                "--tern.kafka-bootstrap-servers=" + kafka(),
                "--tern.data-directory=" + data.root(),
                // Whoever lets other machines in lets them call it as they do.
                "--tern.hosts=" + (isPublic() ? "*" : ""),
                // All ends within 5 s; streams are to hear of it before they are cut.
                "--tern.last-call=800ms",
                "--tern.supervised=true");
    }

    private String upstream(Service service) {
        return LOOPBACK + ":" + ports.of(service);
    }

    private String kafka() {
        return upstream(Service.KAFKA);
    }

    private String jar(String name) {
        return installation.jar(name).toString();
    }
}
