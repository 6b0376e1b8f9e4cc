package io.tern.launcher.broker;

import io.tern.launcher.supervise.HealthProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own, with the ports and the folder that a test chose. */
record Broker(int port, int controllerPort, int managementPort, Path directory) {
    static Broker in(Path directory) throws IOException {
        return new Broker(freePort(), freePort(), freePort(), directory);
    }

    List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerProcess.class.getName(),
                "--port=" + port,
                "--controller-port=" + controllerPort,
                "--management-port=" + managementPort,
                "--directory=" + directory);
    }

    /** Returns once it serves. */
    Process start() throws Exception {
        Process process = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolveSibling("broker.log").toFile()))
                .start();
        awaitHealthy(process.toHandle());
        return process;
    }

    void awaitHealthy(ProcessHandle process) throws Exception {
        URI health = URI.create("http://127.0.0.1:" + managementPort + "/health");
        HealthProbe probe = HealthProbe.http();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!probe.isWell(health)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("the broker is not healthy: "
                        + java.nio.file.Files.readString(directory.resolveSibling("broker.log")));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
