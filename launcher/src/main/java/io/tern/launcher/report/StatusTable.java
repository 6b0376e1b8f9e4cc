package io.tern.launcher.report;

import io.tern.launcher.host.Memory;
import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.plan.Service;
import io.tern.launcher.supervise.ChildRecord;
import io.tern.launcher.supervise.RunState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One row for each process: who, where, how, with what. */
public final class StatusTable {
    private static final String NONE = "-";

    private StatusTable() {}

    public static List<String> of(RunState state) {
        TextTable table =
                new TextTable("service", "pid", "port", "state", "restarts", "device", "model", "hash", "memory");
        long total = 0;
        for (ChildRecord record : state.services()) {
            Optional<ServedModel> model = shown(state.models(), record.service());
            long resident = resident(Optional.ofNullable(record.process()));
            total += resident;
            table.row(
                    record.service().label(),
                    pid(Optional.ofNullable(record.process())),
                    String.valueOf(record.port()),
                    state.seen(record).label(),
                    String.valueOf(record.restarts()),
                    model.map(ServedModel::device).orElse(NONE),
                    model.map(shown -> name(shown, state.models(), record.service()))
                            .orElse(NONE),
                    model.map(ServedModel::shortHash).orElse(NONE),
                    resident == 0 ? NONE : Memory.text(resident));
        }
        long launcher = resident(Optional.of(state.launcher()));
        table.row(
                "launcher",
                pid(Optional.of(state.launcher())),
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                Memory.text(launcher));
        table.row("together", "", "", "", "", "", "", "", Memory.text(total + launcher));
        return table.lines();
    }

    private static Optional<ServedModel> shown(List<ServedModel> models, Service service) {
        return models.stream()
                .filter(model -> model.runsIn(service))
                .min(Comparator.comparing(model -> !model.byDefault()));
    }

    private static String name(ServedModel shown, List<ServedModel> models, Service service) {
        long others = models.stream().filter(model -> model.runsIn(service)).count() - 1;
        return others == 0 ? shown.id() : shown.id() + " (+" + others + ")";
    }

    private static String pid(Optional<ProcessIdentity> process) {
        return process.flatMap(ProcessIdentity::alive)
                .map(alive -> String.valueOf(alive.pid()))
                .orElse(NONE);
    }

    private static long resident(Optional<ProcessIdentity> process) {
        return process.flatMap(ProcessIdentity::alive).map(ProcessHandle::pid).stream()
                .flatMapToLong(pid -> Memory.residentBytes(pid).stream())
                .sum();
    }
}
