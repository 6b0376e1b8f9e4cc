package io.tern.launcher.command;

import io.tern.launcher.plan.Installation;
import io.tern.launcher.plan.LaunchPlan;
import io.tern.launcher.report.Console;
import io.tern.launcher.supervise.LogFollower;
import io.tern.launcher.supervise.RunState;
import io.tern.launcher.supervise.RunStateFile;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a launcher in the background and shows what it prints, until everything is ready or it has failed. */
record Detached(LaunchPlan plan, Console console) {
    private static final long POLL_MILLIS = 200;

    /** Gives the exit code: 0 once it is ready, the launcher's own if it has failed. */
    int run() throws IOException, InterruptedException {
        Path log = plan.data().launcherLog();
        // Behind what is there: if Tern runs already, it is the log of the launcher that lives.
        LogFollower output = new LogFollower(log, this::show);
        Process launcher = new ProcessBuilder(command())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        // Whoever stops waiting does not want it.
        Thread unwanted = new Thread(launcher::destroy, "unwanted");
        Runtime.getRuntime().addShutdownHook(unwanted);
        boolean ready = follow(launcher, output);
        Runtime.getRuntime().removeShutdownHook(unwanted);
        return ready ? 0 : launcher.exitValue();
    }

    /** Deaf to Ctrl-C and to the terminal's end, as nohup makes it. */
    private List<String> command() {
        Installation installation = plan.installation();
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "tern"));
        command.add(installation.java().toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-jar", installation.jar("launcher").toString(), "up"));
        command.addAll(List.of("--port-base", String.valueOf(plan.ports().base())));
        command.addAll(List.of("--data", plan.data().root().toString(), "--bind", plan.bind()));
        return command;
    }

    private boolean follow(Process launcher, LogFollower output) throws IOException, InterruptedException {
        RunStateFile state = new RunStateFile(plan.data().state());
        while (true) {
            boolean ended = launcher.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            boolean ready = state.read().filter(now -> isReady(now, launcher)).isPresent();
            // Asked before the output is read: what was printed by then is shown.
            output.poll();
            if (ended || ready) {
                return !ended;
            }
        }
    }

    private static boolean isReady(RunState state, Process launcher) {
        return state.phase() == RunState.Phase.READY && state.launcher().pid() == launcher.pid();
    }

    /** What it says of its failure goes where failures are said. */
    private void show(String line) {
        if (line.startsWith("tern: ")) {
            System.err.println(line);
        } else {
            console.line(line);
        }
    }
}
