package io.tern.jobs.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Which worker it is, in a form from which another one on the same machine can tell that it is dead.
 *
 * @param machine its boot and its name space of process ids
 * @param startTicks when the process began, in ticks since boot: no clock can be set back under it
 * @param instance of the worker in the process
 */
record WorkerIdentity(String machine, long pid, String startTicks, String instance) {
    /** Another one at each call. */
    static WorkerIdentity here() {
        long pid = ProcessHandle.current().pid();
        return new WorkerIdentity(
                thisMachine(), pid, startTicks(pid), UUID.randomUUID().toString());
    }

    String toText() {
        return machine + " " + pid + " " + startTicks + " " + instance;
    }

    boolean isSameWorker(String text) {
        return toText().equals(text);
    }

    /** Whether the process of that worker is gone for sure; false if it is on another machine. */
    boolean knowsDead(String text) {
        String[] parts = text.split(" ", -1);
        return parts.length == 4
                && parts[0].equals(machine)
                && !startTicks(Long.parseLong(parts[1])).equals(parts[2]);
    }

    /** Empty if there is no such process, or it is dead and only its parent has not noticed. */
    private static String startTicks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The second field is the name, in parentheses, and may hold anything; see proc(5).
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return afterName[0].equals("Z") ? "" : afterName[19];
        } catch (IOException e) {
            return "";
        }
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
