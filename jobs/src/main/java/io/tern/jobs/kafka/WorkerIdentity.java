package io.tern.jobs.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Which worker it is, in a form from which another one on the same machine can tell that it is dead: the boot of the
 * machine, the name space of process ids, the process id, the start of the process, and the worker in the process.
 */
record WorkerIdentity(String machine, long pid, long startMillis, String instance) {
    /** Another one at each call. */
    static WorkerIdentity here() {
        ProcessHandle self = ProcessHandle.current();
        return new WorkerIdentity(
                thisMachine(), self.pid(), startMillis(self), UUID.randomUUID().toString());
    }

    String toText() {
        return machine + " " + pid + " " + startMillis + " " + instance;
    }

    boolean isSameWorker(String text) {
        return toText().equals(text);
    }

    /** Whether the process of that worker is gone for sure; false if it is on another machine. */
    boolean knowsDead(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 4 || !parts[0].equals(machine)) {
            return false;
        }
        return ProcessHandle.of(Long.parseLong(parts[1]))
                .filter(process -> process.isAlive() && startMillis(process) == Long.parseLong(parts[2]))
                .isEmpty();
    }

    private static long startMillis(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(java.time.Instant::toEpochMilli)
                .orElse(0L);
    }

    private static String thisMachine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + "/"
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).getFileName();
        } catch (IOException e) {
            return UUID.randomUUID().toString(); // no Linux: nobody can tell
        }
    }
}
