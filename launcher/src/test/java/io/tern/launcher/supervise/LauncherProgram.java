package io.tern.launcher.supervise;

import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.plan.ChildPlan;
import io.tern.launcher.plan.Service;
import io.tern.launcher.report.Console;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A launcher to be killed: looks after one process of the shell and one of Java. */
final class LauncherProgram {
    private LauncherProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments[0]);
        URI always = URI.create("file:///");
        List<ChildPlan> plans = List.of(
                new ChildPlan(
                        Service.DETECTION,
                        List.of("sh", "-c", "while read line; do :; done"),
                        1,
                        always,
                        always,
                        folder.resolve("detection.log")),
                new ChildPlan(
                        Service.GATEWAY,
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                WatchingProgram.class.getName()),
                        1,
                        always,
                        always,
                        folder.resolve("gateway.log")));
        RunState initial = new RunState(
                ProcessIdentity.of(ProcessHandle.current()), RunState.Phase.STARTING, "", 8080, List.of(), List.of());
        RunStateFile file = new RunStateFile(folder.resolve("state.json"));
        Supervisor supervisor = new Supervisor(plans, _ -> true, initial, file, Console.standard());
        supervisor.start();
        new CountDownLatch(1).await();
    }

    /** Does nothing for as long as its launcher lives. */
    static final class WatchingProgram {
        private WatchingProgram() {}

        public static void main(String[] arguments) throws InterruptedException {
            ParentWatch.exitWithParent();
            System.out.println("watching");
            new CountDownLatch(1).await();
        }
    }
}
