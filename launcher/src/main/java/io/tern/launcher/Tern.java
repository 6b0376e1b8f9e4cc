package io.tern.launcher;

import io.tern.launcher.command.BenchCommand;
import io.tern.launcher.command.DemoCommand;
import io.tern.launcher.command.DoctorCommand;
import io.tern.launcher.command.DownCommand;
import io.tern.launcher.command.EvalCommand;
import io.tern.launcher.command.KeysCommand;
import io.tern.launcher.command.LogsCommand;
import io.tern.launcher.command.ModelsCommand;
import io.tern.launcher.command.RetrievalCommand;
import io.tern.launcher.command.StatusCommand;
import io.tern.launcher.command.UpCommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code ./tern}. Exit codes: 0 done, 1 failed (one line says why and what to do), 2 wrong usage. */
@Command(
        name = "tern",
        synopsisSubcommandLabel = "COMMAND",
        description = "Object detection, image generation and text behind one gateway, on this machine.",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            DoctorCommand.class,
            ModelsCommand.class,
            BenchCommand.class,
            DemoCommand.class,
            EvalCommand.class,
            RetrievalCommand.class,
            KeysCommand.class
        },
        mixinStandardHelpOptions = true,
        version = "Tern 0.1.0",
        footer = {
            "",
            "Two more are done by the script itself:",
            "  test  builds all, runs every test and a real request through each service",
            "  fmt   formats the sources",
            "",
            "Exit codes: 0 done; 1 failed, and one line says why and what to do; 2 wrong usage."
        })
public final class Tern implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Tern());
        // What follows the subject is for the measurement, its options too.
        Objects.requireNonNull(commandLine.getSubcommands().get("bench")).setUnmatchedOptionsArePositionalParams(true);
        return commandLine
                .setParameterExceptionHandler((exception, arguments) -> wrongUsage(exception))
                .setExecutionExceptionHandler((exception, command, parsed) -> fail(exception, command.getErr()));
    }

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "no command given");
    }

    private static int wrongUsage(ParameterException exception) {
        CommandLine command = exception.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("tern: " + message(exception) + "; see ./"
                + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** A word that is no subcommand is told with those that there are: picocli takes it for one too many. */
    private static String message(ParameterException exception) {
        List<String> known = exception.getCommandLine().getSubcommands().keySet().stream()
                .sorted()
                .toList();
        return exception instanceof UnmatchedArgumentException words && !known.isEmpty()
                ? words.getUnmatched().getFirst() + " (expected: " + String.join(", ", known) + ")"
                : String.valueOf(exception.getMessage());
    }

    private static int fail(Exception exception, PrintWriter err) throws Exception {
        if (exception instanceof LaunchFailure) {
            err.println("tern: " + exception.getMessage());
            err.flush();
            return 1;
        }
        // Nobody foresaw it: the trace is what helps.
        throw exception;
    }
}
