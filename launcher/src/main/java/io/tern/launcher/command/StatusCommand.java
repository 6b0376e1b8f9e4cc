package io.tern.launcher.command;

import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.report.Console;
import io.tern.launcher.report.StatusTable;
import io.tern.launcher.supervise.ChildRecord;
import io.tern.launcher.supervise.ChildState;
import io.tern.launcher.supervise.RunState;
import io.tern.launcher.supervise.RunStateFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./tern status}. */
@Command(name = "status", description = "Shows the processes and how they are.", mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
    @Option(names = "--json", description = "As a JSON list, for programs; empty if nothing runs.")
    private boolean json;

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() {
        Installation installation = Installation.current();
        Console console = Console.standard();
        Optional<RunState> state = new RunStateFile(data.in(installation).state()).read();
        if (json) {
            console.line(JsonMapper.shared()
                    .writeValueAsString(state.map(StatusCommand::list).orElse(List.of())));
        } else if (state.isEmpty()) {
            console.line(
                    "Nothing runs on the data folder " + data.in(installation).root() + "; start it by: ./tern up");
        } else {
            show(state.orElseThrow(), console);
        }
        return 0;
    }

    private static void show(RunState state, Console console) {
        StatusTable.of(state).forEach(console::line);
        console.line("");
        console.line(
                state.launcherLives()
                        ? phase(state) + " at " + state.gateway() + "/"
                        : "The launcher was killed; clean up by: ./tern down");
    }

    /** The launcher's own phase, but for a service that is away at this moment. */
    private static String phase(RunState state) {
        boolean whole =
                list(state).stream().allMatch(entry -> ChildState.READY.label().equals(entry.get("state")));
        return state.phase() == RunState.Phase.READY && !whole
                ? "NOT READY"
                : state.phase().name();
    }

    /** The list of the contract: a null pid where no process lives. */
    private static List<Map<String, @Nullable Object>> list(RunState state) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (ChildRecord record : state.services()) {
            Optional<Long> pid = Optional.ofNullable(record.process())
                    .flatMap(ProcessIdentity::alive)
                    .map(ProcessHandle::pid);
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            entry.put("service", record.service().label());
            entry.put("pid", pid.orElse(null));
            entry.put("port", record.port());
            entry.put("state", state.seen(record).label());
            entry.put("restarts", record.restarts());
            list.add(entry);
        }
        return list;
    }
}
