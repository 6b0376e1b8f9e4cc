package io.tern.jobs.kafka;

import io.tern.jobs.JobOutput;
import io.tern.jobs.JobRoom;
import io.tern.jobs.JobType;
import io.tern.jobs.artifact.FileArtifactStore;
import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A worker in a process of its own, which does what its jobs say: {@code exit} ends the process, {@code wait} waits
 * until cancelled, anything else is echoed with the process id; and a job whose id ends with a {@link JobStep} ends the
 * process at that step, once. It ends when its standard input does.
 */
final class WorkerMain {
    private WorkerMain() {}

    /** Bootstrap servers, folder of the store, type, slots. */
    public static void main(String[] arguments) throws Exception {
        FileArtifactStore store = FileArtifactStore.open(Path.of(arguments[1]));
        new KafkaJobWorker(
                arguments[0],
                JobType.of(arguments[2]).orElseThrow(),
                Integer.parseInt(arguments[3]),
                store,
                JobRoom.UNBOUNDED,
                (request, _, _, cancellation) -> {
                    String text = Cluster.text(request);
                    if (text.equals("exit")) {
                        Runtime.getRuntime().halt(3);
                    }
                    if (text.startsWith("wait")) {
                        CountDownLatch cancelled = new CountDownLatch(1);
                        try (var _ = cancellation.onCancel(cancelled::countDown)) {
                            KafkaJobsTest.await(cancelled);
                        }
                    }
                    return output(text);
                },
                Cluster.SETTINGS,
                (step, id) -> {
                    // The step is in the id, for not every step knows the request; the file says that it happened.
                    if (id.endsWith("-" + step) && new File(arguments[1] + "-" + id).mkdir()) {
                        Runtime.getRuntime().halt(4);
                    }
                });
        while (System.in.read() >= 0) {
            // the parent says nothing, and its end is ours
        }
        Runtime.getRuntime().halt(0);
    }

    private static JobOutput output(String text) {
        return Cluster.output(text + " by " + ProcessHandle.current().pid());
    }
}
