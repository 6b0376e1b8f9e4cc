package io.tern.launcher.broker;

import com.sun.net.httpserver.HttpServer;
import io.tern.launcher.supervise.ParentWatch;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The broker's process: formats its directory on first start, serves until it is told to end or its launcher is gone.
 * {@code /health} on the management port answers once clients are served.
 */
@Command(name = "broker")
public final class BrokerProcess implements Callable<Integer> {
    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--controller-port", required = true)
    private int controllerPort;

    @Option(names = "--management-port", required = true)
    private int managementPort;

    @Option(names = "--directory", required = true)
    private Path directory = Path.of("");

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BrokerProcess()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        ParentWatch.exitWithParent();
        BrokerStorage.format(directory);
        KafkaConfig config = new KafkaConfig(new BrokerSettings(port, controllerPort, directory).properties());
        KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
        // Before start-up, so that a process which is told to end while it starts ends cleanly as well.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(server), "broker-shutdown"));
        server.startup();
        HttpServer health = health();
        server.awaitShutdown();
        health.stop(0);
        return 0;
    }

    private static void shutDown(KafkaRaftServer server) {
        server.shutdown();
        server.awaitShutdown();
    }

    private HttpServer health() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), managementPort), 0);
        byte[] up = "{\"status\": \"UP\"}".getBytes(StandardCharsets.UTF_8);
        http.createContext("/health", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, up.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(up);
            }
        });
        http.start();
        return http;
    }
}
