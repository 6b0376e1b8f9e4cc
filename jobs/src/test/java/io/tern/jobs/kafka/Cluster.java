package io.tern.jobs.kafka;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.detection.v1.DetectRequest;
import io.tern.jobs.JobHandler;
import io.tern.jobs.JobOutput;
import io.tern.jobs.JobOwner;
import io.tern.jobs.JobRoom;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.JobType;
import io.tern.jobs.WebhookSender.Outcome;
import io.tern.jobs.artifact.FileArtifactStore;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.JobSubmission;
import io.tern.jobs.v1.SubmitRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A broker, a store and a gateway's side of jobs; tests that only add jobs share one. */
final class Cluster implements AutoCloseable {
    /** Short enough for tests, long enough for a busy machine. */
    static final Duration LOCK = Duration.ofSeconds(2);

    static final WorkerSettings SETTINGS =
            new WorkerSettings(LOCK, LOCK.dividedBy(2), 3, Duration.ofMillis(50), Duration.ofSeconds(5));

    private final Path folder;
    private final EmbeddedBroker broker;
    private final FileArtifactStore store;
    private final KafkaJobs jobs;
    private final KafkaProducer<byte[], byte[]> producer;

    /** Gives the shared one to tests that ask for it. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Cluster.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.GLOBAL)
                    .computeIfAbsent(Cluster.class, _ -> start(JobsSettings.standard()), Cluster.class);
        }
    }

    /** The jobs whose webhooks were called. */
    final BlockingQueue<Job> called = new LinkedBlockingQueue<>();

    private Cluster(Path folder, JobsSettings settings) throws Exception {
        this.folder = folder;
        this.broker = new EmbeddedBroker(folder.resolve("kafka"));
        this.store = FileArtifactStore.open(folder.resolve("artifacts"));
        this.jobs = new KafkaJobs(broker.bootstrapServers(), store, settings, end -> {
            called.add(end);
            return Outcome.TAKEN;
        });
        this.producer =
                new KafkaClients(broker.bootstrapServers()).producer(Duration.ofSeconds(10), Duration.ofSeconds(20));
        producer.partitionsFor(Topics.JOBS);
    }

    static Cluster start(JobsSettings settings) {
        try {
            return new Cluster(Files.createTempDirectory("tern-jobs"), settings);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    KafkaJobs jobs() {
        return jobs;
    }

    FileArtifactStore store() {
        return store;
    }

    EmbeddedBroker broker() {
        return broker;
    }

    Path artifacts() {
        return folder.resolve("artifacts");
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    KafkaJobWorker worker(JobType type, int slots, JobHandler handler) {
        return worker(type, slots, handler, SETTINGS);
    }

    KafkaJobWorker worker(JobType type, int slots, JobHandler handler, WorkerSettings settings) {
        return new KafkaJobWorker(bootstrapServers(), type, slots, store, JobRoom.UNBOUNDED, handler, settings);
    }

    Job submit(SubmitRequest request) {
        return jobs.submit(request, JobOwner.EVERYBODY);
    }

    Job submit(JobType type, String text) {
        return submit(request(type, text));
    }

    static SubmitRequest request(JobType type, String text) {
        return SubmitRequest.newBuilder().setRequest(jobRequest(type, text)).build();
    }

    static JobRequest jobRequest(JobType type, String text) {
        JobRequest.Builder request = JobRequest.newBuilder();
        return switch (type) {
            case DETECTION ->
                request.setDetection(DetectRequest.newBuilder().setImage(ByteString.copyFromUtf8(text)))
                        .build();
            case GENERATION ->
                request.setGeneration(io.tern.generation.v1.GenerateRequest.newBuilder()
                                .setPrompt(text))
                        .build();
            case DECODING ->
                request.setDecoding(GenerateRequest.newBuilder().setPrompt(text))
                        .build();
        };
    }

    /** What {@link #jobRequest} put in. */
    static String text(JobRequest request) {
        return switch (request.getRequestCase()) {
            case DETECTION -> request.getDetection().getImage().toStringUtf8();
            case GENERATION -> request.getGeneration().getPrompt();
            case DECODING -> request.getDecoding().getPrompt();
            case TEXTS -> request.getTexts().getPrompts(0).getPrompt();
            case REQUEST_NOT_SET -> "";
        };
    }

    static JobOutput output(String text) {
        return new JobOutput("text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Any record on the jobs topic, as others could write it. */
    void produce(String key, byte[] value, String... headers) throws Exception {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.JOBS, key == null ? null : key.getBytes(StandardCharsets.UTF_8), value);
        for (int i = 0; i < headers.length; i += 2) {
            record.headers().add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        producer.send(record).get(20, TimeUnit.SECONDS);
    }

    void produce(JobSubmission submission) throws Exception {
        produce(submission.getId(), submission.toByteArray());
    }

    /** Completes with the job once it has ended, as who watches it hears. */
    CompletableFuture<Job> ended(String id) {
        CompletableFuture<Job> end = new CompletableFuture<>();
        jobs.watch(id, 0, new JobListener() {
            @Override
            public void event(SequencedEvent event) {
                if (event.event().hasState()
                        && JobTransitions.isTerminal(event.event().getState())) {
                    end.complete(event.event().getState());
                }
            }

            @Override
            public void ended() {
                end.completeExceptionally(new AssertionError("erased"));
            }

            @Override
            public void failed(TernException failure) {
                end.completeExceptionally(failure);
            }
        });
        return end;
    }

    Job end(Job job) throws Exception {
        return ended(job.getId()).get(40, TimeUnit.SECONDS);
    }

    /** Counted down when the job runs its attempt. */
    CountDownLatch running(Job job, int attempt) {
        CountDownLatch running = new CountDownLatch(1);
        jobs.watch(job.getId(), 0, new JobListener() {
            @Override
            public void event(SequencedEvent event) {
                if (event.event().hasState() && event.event().getAttempt() >= attempt) {
                    running.countDown();
                }
            }

            @Override
            public void ended() {}

            @Override
            public void failed(TernException failure) {
                throw failure;
            }
        });
        return running;
    }

    /** Asks again and again; the test's time limit ends it. */
    static <T> T until(Supplier<Optional<T>> question) {
        while (!Thread.currentThread().isInterrupted()) {
            Optional<T> answer = question.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("interrupted");
    }

    String result(Job job) throws IOException {
        try (var bytes = jobs.result(job.getId()).bytes()) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Values of the topic from its beginning to its end now. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaClients(bootstrapServers()).reader(Duration.ofMillis(200))) {
            var partitions = KafkaClients.partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    @Override
    public void close() throws IOException {
        jobs.close();
        producer.close(Duration.ofSeconds(1));
        broker.close();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
