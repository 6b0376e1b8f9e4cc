package io.tern.launcher.demo;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tern.decoding.v1.Message;
import io.tern.detection.v1.DetectRequest;
import io.tern.jobs.v1.GetJobRequest;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.JobServiceGrpc;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.SubmitRequest;
import io.tern.jobs.v1.TextsRequest;
import io.tern.launcher.LaunchFailure;
import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.plan.Service;
import io.tern.launcher.report.Console;
import io.tern.launcher.supervise.ChildRecord;
import io.tern.launcher.supervise.ChildState;
import io.tern.launcher.supervise.RunState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Hands in jobs, then kills every process of Tern once, Kafka and the gateway too, while it works on them, and counts what
 * became of the jobs. Each is to succeed, with a result that has the hash it was announced with.
 */
public final class Chaos {
    /** In this order: each has work when its turn comes. */
    private static final List<Service> VICTIMS =
            List.of(Service.DECODING, Service.GENERATION, Service.DETECTION, Service.KAFKA, Service.GATEWAY);

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration RECOVERY = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Gateway gateway;
    private final Supplier<RunState> state;
    private final Console console;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Job> jobs = new LinkedHashMap<>();

    /** @param state as it is now */
    public Chaos(Gateway gateway, Supplier<RunState> state, Console console) {
        this.gateway = gateway;
        this.state = state;
        this.console = console;
    }

    /**
     * @param count of jobs: texts, pictures and detections in turn
     * @param photograph to detect in
     * @throws LaunchFailure if a job was lost
     */
    public void run(int count, ByteString photograph) throws InterruptedException {
        String run = UUID.randomUUID().toString();
        for (int i = 0; i < count; i++) {
            SubmitRequest request = SubmitRequest.newBuilder()
                    .setRequest(request(i, photograph))
                    .setIdempotencyKey(run + "-" + i)
                    .build();
            Job job = submit(request);
            jobs.put(job.getId(), job);
        }
        console.line(count + " jobs are accepted.");
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (Service victim : VICTIMS) {
            kill(victim);
        }
        while (unfinished() > 0 && System.nanoTime() < end) {
            Thread.sleep(LOOK);
            look();
        }
        tell();
    }

    private static JobRequest request(int number, ByteString photograph) {
        JobRequest.Builder request = JobRequest.newBuilder();
        return switch (number % 3) {
            case 0 ->
                request.setTexts(TextsRequest.newBuilder()
                                .addPrompts(io.tern.decoding.v1.GenerateRequest.newBuilder()
                                        .addMessages(Message.newBuilder()
                                                .setRole("user")
                                                .setContent("Write a story about tern number " + number + "."))
                                        .setMaxTokens(160)))
                        .build();
            case 1 ->
                request.setGeneration(io.tern.generation.v1.GenerateRequest.newBuilder()
                                .setPrompt("red apple")
                                .setSeed(number)
                                .setSteps(100))
                        .build();
            default ->
                request.setDetection(DetectRequest.newBuilder().setImage(photograph))
                        .build();
        };
    }

    /** When it has a job, if it soon has; and waits until it is back. */
    private void kill(Service victim) throws InterruptedException {
        long patience = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!isBusy(victim) && unfinished() > 0 && System.nanoTime() < patience) {
            Thread.sleep(LOOK);
            look();
        }
        Optional<ProcessHandle> process = record(victim)
                .flatMap(record -> Optional.ofNullable(record.process()))
                .flatMap(ProcessIdentity::alive);
        if (process.isEmpty()) {
            throw new LaunchFailure("there is no process of " + victim.label(), "see ./tern status");
        }
        console.line("kill -9 " + victim.label() + " (process " + process.get().pid() + "); " + summary());
        process.get().destroyForcibly();
        long end = System.nanoTime() + RECOVERY.toNanos();
        boolean died = false;
        while (System.nanoTime() < end) {
            Thread.sleep(LOOK);
            boolean ready = isReady(victim);
            died |= !ready || !process.get().isAlive();
            if (died && ready) {
                return;
            }
            look();
        }
        throw new LaunchFailure(victim.label() + " did not come back", "see ./tern logs " + victim.label());
    }

    private boolean isBusy(Service service) {
        return switch (service) {
            case KAFKA, GATEWAY -> jobs.values().stream().anyMatch(job -> job.getState() == JobState.RUNNING);
            case DETECTION, GENERATION, DECODING ->
                jobs.values().stream()
                        .anyMatch(job -> job.getState() == JobState.RUNNING
                                && job.getType().equals(service.label()));
        };
    }

    private boolean isReady(Service service) {
        RunState now = state.get();
        return now.services().stream()
                .anyMatch(record -> record.service() == service && now.seen(record) == ChildState.READY);
    }

    private Optional<ChildRecord> record(Service service) {
        return state.get().services().stream()
                .filter(record -> record.service() == service)
                .findFirst();
    }

    /** Asks for the jobs that have not ended; while the gateway is away they stay as they were. */
    private void look() {
        var stub = gateway.call(JobServiceGrpc.newBlockingStub(gateway.channel()));
        for (Job job : List.copyOf(jobs.values())) {
            if (!hasEnded(job)) {
                try {
                    jobs.put(
                            job.getId(),
                            stub.get(GetJobRequest.newBuilder()
                                    .setId(job.getId())
                                    .build()));
                } catch (StatusRuntimeException _) {
                    break;
                }
            }
        }
        console.live(summary());
    }

    private String summary() {
        Map<JobState, Integer> counts = new LinkedHashMap<>();
        jobs.values().forEach(job -> counts.merge(job.getState(), 1, Integer::sum));
        StringBuilder text = new StringBuilder();
        for (JobState known : List.of(
                JobState.QUEUED,
                JobState.RUNNING,
                JobState.SUCCEEDED,
                JobState.FAILED,
                JobState.CANCELLED,
                JobState.EXPIRED)) {
            if (counts.containsKey(known)) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(counts.get(known))
                        .append(' ')
                        .append(known.name().toLowerCase(Locale.ROOT));
            }
        }
        return text.toString();
    }

    private long unfinished() {
        return jobs.values().stream().filter(job -> !hasEnded(job)).count();
    }

    private static boolean hasEnded(Job job) {
        return job.getState() != JobState.QUEUED && job.getState() != JobState.RUNNING;
    }

    private void tell() throws InterruptedException {
        List<String> lost = new ArrayList<>();
        long again = 0;
        for (Job job : jobs.values()) {
            again += job.getAttempt() > 1 ? 1 : 0;
            if (job.getState() != JobState.SUCCEEDED || !hasItsResult(job)) {
                lost.add(job.getId() + " (" + job.getState() + ")");
            }
        }
        console.line(summary());
        if (!lost.isEmpty()) {
            throw new LaunchFailure(
                    lost.size() + " of " + jobs.size() + " jobs were lost: " + String.join(", ", lost),
                    "see ./tern logs");
        }
        console.line("%d processes were killed. %d jobs were accepted, %d succeeded, %d of them begun again, 0 lost."
                .formatted(VICTIMS.size(), jobs.size(), jobs.size(), again));
    }

    private boolean hasItsResult(Job job) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(gateway.http("/v1/jobs/" + job.getId() + "/result"))
                .header("Authorization", gateway.authorization())
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            try (var body = new DigestInputStream(answer.body(), hash)) {
                body.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of()
                    .formatHex(hash.digest())
                    .equals(job.getResult().getSha256());
        } catch (IOException e) {
            return false;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Again while the gateway is away; the idempotency key makes one job of all calls. */
    private Job submit(SubmitRequest request) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return gateway.call(JobServiceGrpc.newBlockingStub(gateway.channel()))
                        .submit(request);
            } catch (StatusRuntimeException e) {
                if (System.nanoTime() > end || e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                    throw e;
                }
                Thread.sleep(LOOK);
            }
        }
    }
}
