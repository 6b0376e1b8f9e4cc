package io.tern.bench;

import com.google.protobuf.ByteString;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectionServiceGrpc;
import io.tern.detection.v1.DetectionServiceGrpc.DetectionServiceBlockingStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pictures a second through the detection service, against a bare loop: the same ONNX file run on a tensor that is ready,
 * by as many threads as there are clients, but no more than the service has workers. The service decodes, fits and answers
 * besides. Both are measured in turns of so many pictures within one run, so that what the machine does meanwhile falls on
 * both; each pair of turns gives one ratio.
 */
final class ThroughputBench {
    private static final int[] CLIENTS = {1, 4, 16};
    private static final int WORKERS = 2;
    private static final int PAIRS = 5;
    /** Pictures before the first turn: until then the JVM compiles, which counts as processor time. */
    private static final int WARM_UP = 400;

    private final Path dist;
    private final Path root;
    private final int pictures;

    /**
     * @param dist where the services' jars lie
     * @param pictures of a turn
     */
    ThroughputBench(Path dist, Path root, int pictures) {
        this.dist = dist;
        this.root = root;
        this.pictures = pictures;
    }

    /** Of one turn: pictures a second, processor milliseconds a picture, and the wall milliseconds that each took. */
    private record Turn(double perSecond, double cpuMillis, double[] millis) {}

    Map<String, String> measure() throws Exception {
        int threads = Runtime.getRuntime().availableProcessors();
        Map<String, String> found = new LinkedHashMap<>(Machine.describe());
        found.put("load before", Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
        found.put(
                "turns",
                PAIRS + " pairs of " + pictures + " pictures, order changing; " + WARM_UP
                        + " pictures and one pair to warm up");
        found.put("threads", threads + ", workers " + WORKERS);
        try (ServiceProcess service = ServiceProcess.start(dist, root, threads, WORKERS);
                BareLoop loop = new BareLoop(root.resolve("models/detection/nanodet_g_416.onnx"), threads)) {
            DetectRequest request = DetectRequest.newBuilder()
                    .setImage(ByteString.copyFrom(
                            Files.readAllBytes(root.resolve("models/golden/detection/pictures/chelsea.png"))))
                    .build();
            DetectionServiceBlockingStub stub = DetectionServiceGrpc.newBlockingStub(service.channel());
            turn(WORKERS, WARM_UP, () -> stub.detect(request).getResultsCount(), service::cpuMillis);
            for (int clients : CLIENTS) {
                compare(
                        clients,
                        found,
                        service,
                        loop,
                        () -> stub.detect(request).getResultsCount());
            }
        }
        return found;
    }

    private void compare(
            int clients, Map<String, String> found, ServiceProcess service, BareLoop loop, Callable<Integer> ask)
            throws Exception {
        List<Turn> ours = new ArrayList<>();
        List<Turn> bare = new ArrayList<>();
        for (int pair = 0; pair <= PAIRS; pair++) {
            boolean oursFirst = pair % 2 == 0;
            if (oursFirst) {
                ours.add(turn(clients, pictures, ask, service::cpuMillis));
            }
            bare.add(turn(Math.min(clients, WORKERS), pictures, loop::run, ServiceProcess::ownCpuMillis));
            if (!oursFirst) {
                ours.add(turn(clients, pictures, ask, service::cpuMillis));
            }
        }
        ours.removeFirst(); // to warm up
        bare.removeFirst();
        double[] wall = new double[PAIRS];
        Arrays.setAll(wall, pair -> ours.get(pair).perSecond() / bare.get(pair).perSecond());
        double[] cpu = new double[PAIRS];
        Arrays.setAll(cpu, pair -> bare.get(pair).cpuMillis() / ours.get(pair).cpuMillis());
        String name = clients + (clients == 1 ? " client" : " clients");
        found.put(name + ", service", told(ours));
        found.put(name + ", loop", told(bare));
        found.put(name + ", service / loop, pictures a second", spread(wall));
        found.put(name + ", loop / service, processor time", spread(cpu));
    }

    private static Turn turn(int clients, int pictures, Callable<Integer> work, Callable<Double> cpuMillis)
            throws Exception {
        double[] millis = new double[pictures];
        AtomicInteger next = new AtomicInteger();
        double cpu = cpuMillis.call();
        long begun = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                running.add(threads.submit(() -> {
                    for (int i = next.getAndIncrement(); i < pictures; i = next.getAndIncrement()) {
                        long from = System.nanoTime();
                        if (work.call() < 1) {
                            throw new IOException("an answer without a result");
                        }
                        millis[i] = (System.nanoTime() - from) / 1e6;
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        double seconds = Duration.ofNanos(System.nanoTime() - begun).toNanos() / 1e9;
        return new Turn(pictures / seconds, (cpuMillis.call() - cpu) / pictures, millis);
    }

    private static String told(List<Turn> turns) {
        double[] millis = turns.stream()
                .flatMapToDouble(turn -> Arrays.stream(turn.millis()))
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT,
                "%.2f pictures/s, p50 %.0f ms, p99 %.0f ms, %.0f ms of processor time a picture",
                median(turns.stream().mapToDouble(Turn::perSecond).toArray()),
                millis[millis.length / 2],
                millis[(int) (0.99 * (millis.length - 1))],
                median(turns.stream().mapToDouble(Turn::cpuMillis).toArray()));
    }

    private static String spread(double[] ratios) {
        double[] sorted = ratios.clone();
        Arrays.sort(sorted);
        return String.format(Locale.ROOT, "%.3f (%.3f..%.3f)", median(ratios), sorted[0], sorted[sorted.length - 1]);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
