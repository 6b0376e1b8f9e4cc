package io.tern.jobs.kafka;

import io.tern.jobs.JobType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of its own, which can be killed. It ends by itself when this one does. */
final class ForkedJvm implements AutoCloseable {
    private final Process process;

    private ForkedJvm(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        process = builder.start();
    }

    static ForkedJvm worker(Cluster cluster, JobType type, int slots) throws IOException {
        return worker(cluster.bootstrapServers(), cluster.artifacts(), type, slots);
    }

    static ForkedJvm worker(String bootstrapServers, Path artifacts, JobType type, int slots) throws IOException {
        return new ForkedJvm(
                WorkerMain.class, bootstrapServers, artifacts.toString(), type.wireName(), String.valueOf(slots));
    }

    static ForkedJvm broker(Path folder, int port, int controllerPort) throws IOException {
        return new ForkedJvm(BrokerMain.class, folder.toString(), String.valueOf(port), String.valueOf(controllerPort));
    }

    long pid() {
        return process.pid();
    }

    /** KILL, STOP, CONT, ... */
    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor(10, TimeUnit.SECONDS);
    }

    int exitStatus() throws InterruptedException {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            throw new AssertionError("process " + pid() + " runs (expected: it has ended)");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }
}
