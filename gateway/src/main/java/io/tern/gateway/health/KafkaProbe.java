package io.tern.gateway.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/** Whether a broker takes connections: who speaks Kafka finds out the rest. */
public record KafkaProbe(List<InetSocketAddress> brokers) implements Probe {
    private static final int PATIENCE_MILLIS = 2_000;

    /** @param bootstrapServers {@code host:port,...} */
    public static KafkaProbe of(String bootstrapServers) {
        return new KafkaProbe(List.of(bootstrapServers.split(",")).stream()
                .map(String::strip)
                .map(KafkaProbe::address)
                .toList());
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public Answer ask() {
        return brokers.stream().anyMatch(KafkaProbe::takesConnections) ? Answer.UP : Answer.DOWN;
    }

    private static boolean takesConnections(InetSocketAddress broker) {
        try (Socket socket = new Socket()) {
            // Resolved each time: a broker may come back at another address.
            socket.connect(new InetSocketAddress(broker.getHostString(), broker.getPort()), PATIENCE_MILLIS);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return InetSocketAddress.createUnresolved(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    }
}
