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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pictures a second through the detection service, against two loops on the same network in this process: one over an input
 * that is ready, which the service must lose to by what it does besides, and one that does all that anybody must do for
 * the answer. Loops are run by as many threads as there are clients, but no more than the service has workers. All are
 * measured in turns of so many pictures within one run, so that what the machine does meanwhile falls on each; each round
 * of turns gives one ratio.
 */
final class ThroughputBench {
    private static final int[] CLIENTS = {1, 4, 16};
    private static final int WORKERS = 2;
    private static final int ROUNDS = 5;
    /** Pictures before the first turn: until then the JVM compiles, which counts as processor time. */
    private static final int WARM_UP = 2000;
    /** The loops are a few methods that are hot at once. */
    private static final int LOOP_WARM_UP = 200;

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
        found.put("load before", load());
        found.put(
                "turns",
                ROUNDS + " rounds of " + pictures + " pictures each, order changing; " + WARM_UP
                        + " pictures and one round to warm up");
        found.put("threads", threads + ", workers " + WORKERS);
        byte[] picture = Files.readAllBytes(root.resolve("models/golden/detection/pictures/chelsea.png"));
        DetectRequest request = DetectRequest.newBuilder()
                .setImage(ByteString.copyFrom(picture))
                .build();
        try (ServiceProcess service = ServiceProcess.start(dist, root, threads, WORKERS);
                NanoDetNetwork network =
                        new NanoDetNetwork(root.resolve("models/detection/nanodet_g_416.onnx"), threads);
                BareLoop bare = new BareLoop(network)) {
            DetectionServiceBlockingStub stub = DetectionServiceGrpc.newBlockingStub(service.channel());
            WholeLoop whole = new WholeLoop(network, picture);
            SameAnswer.require(stub.detect(request).getResults(0).getDetectionsList(), whole.run());
            List<Rival> rivals = List.of(
                    new Rival(
                            "service",
                            Integer.MAX_VALUE,
                            () -> stub.detect(request).getResultsCount(),
                            service::cpuMillis),
                    new Rival("bare loop", WORKERS, bare::run, ServiceProcess::ownCpuMillis),
                    new Rival("whole loop", WORKERS, () -> whole.run().size(), ServiceProcess::ownCpuMillis));
            for (Rival rival : rivals) {
                turn(rival, WORKERS, rival.mostThreads() == WORKERS ? LOOP_WARM_UP : WARM_UP);
            }
            for (int clients : CLIENTS) {
                compare(clients, rivals, found);
            }
        }
        found.put("load after", load());
        return found;
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
    }

    /** The first rival against each of the others. */
    private void compare(int clients, List<Rival> rivals, Map<String, String> found) throws Exception {
        List<List<Turn>> turns =
                rivals.stream().map(_ -> (List<Turn>) new ArrayList<Turn>()).toList();
        for (int round = 0; round <= ROUNDS; round++) {
            for (int i = 0; i < rivals.size(); i++) {
                int next = (i + round) % rivals.size();
                turns.get(next).add(turn(rivals.get(next), clients, pictures));
            }
        }
        turns.forEach(List::removeFirst); // to warm up
        String name = clients + (clients == 1 ? " client, " : " clients, ");
        for (int i = 0; i < rivals.size(); i++) {
            found.put(name + rivals.get(i).name(), told(turns.get(i)));
        }
        List<Turn> ours = turns.getFirst();
        for (int i = 1; i < rivals.size(); i++) {
            List<Turn> theirs = turns.get(i);
            double[] wall = new double[ROUNDS];
            Arrays.setAll(
                    wall,
                    round -> ours.get(round).perSecond() / theirs.get(round).perSecond());
            double[] cpu = new double[ROUNDS];
            Arrays.setAll(
                    cpu,
                    round -> theirs.get(round).cpuMillis() / ours.get(round).cpuMillis());
            String other = rivals.get(i).name();
            found.put(name + "service / " + other + ", pictures a second", spread(wall));
            found.put(name + other + " / service, processor time", spread(cpu));
        }
    }

    private static Turn turn(Rival rival, int clients, int pictures) throws Exception {
        double[] millis = new double[pictures];
        AtomicInteger next = new AtomicInteger();
        double cpu = rival.cpuMillis().call();
        long begun = System.nanoTime();
        int askers = Math.min(clients, rival.mostThreads());
        try (ExecutorService threads = Executors.newFixedThreadPool(askers)) {
            List<Future<?>> running = new ArrayList<>();
            for (int asker = 0; asker < askers; asker++) {
                running.add(threads.submit(() -> {
                    for (int i = next.getAndIncrement(); i < pictures; i = next.getAndIncrement()) {
                        long from = System.nanoTime();
                        if (rival.ask().call() < 1) {
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
        return new Turn(pictures / seconds, (rival.cpuMillis().call() - cpu) / pictures, millis);
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
