package io.tern.launcher.command;

import io.tern.base.Sha256;
import io.tern.launcher.LaunchFailure;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.report.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tern keys add|list|remove}: who may call the gateway. It reads the file again when it has changed. */
@Command(
        name = "keys",
        description = "Who may call: with a key in the list, calls without one of them are refused.",
        mixinStandardHelpOptions = true)
public final class KeysCommand implements Callable<Integer> {
    private static final int KEY_BYTES = 24;

    private final Console console = Console.standard();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(), "expected: keys add NAME, keys list or keys remove NAME");
    }

    @Command(description = "Makes a key and shows it this once; its hash is kept.", mixinStandardHelpOptions = true)
    int add(
            @Mixin DataOption data,
            @Parameters(paramLabel = "NAME", description = "Of the caller: 1..64 of [A-Za-z0-9_.-].") String name,
            @Option(names = "--requests-per-minute", paramLabel = "N", description = "Calls that may be begun.")
                    @Nullable
                    Integer requests,
            @Option(names = "--steps", paramLabel = "N", description = "Of a picture, at most.") @Nullable
                    Integer steps,
            @Option(names = "--pixels", paramLabel = "N", description = "Of a picture, at most.") @Nullable
                    Integer pixels,
            @Option(names = "--pictures", paramLabel = "N", description = "Of a request, at most.") @Nullable
                    Integer pictures) {
        if (!name.matches("[A-Za-z0-9_.-]{1,64}")) {
            throw wrong("NAME: " + name + " (expected: 1..64 of [A-Za-z0-9_.-])");
        }
        Path file = file(data);
        List<String> lines = lines(file);
        boolean first = lines.stream().noneMatch(KeysCommand::isKey);
        if (lines.stream().anyMatch(line -> isOf(line, name))) {
            throw new LaunchFailure("there is a key " + name, "remove it first: ./tern keys remove " + name);
        }
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        String key = "tern-" + HexFormat.of().formatHex(random);
        lines.add(name + " " + Sha256.of(key) + limit("requests-per-minute", requests) + limit("steps", steps)
                + limit("pixels", pixels) + limit("pictures", pictures));
        write(file, lines);
        console.line(key);
        // Beside the output, which is the key alone: KEY=$(./tern keys add NAME).
        PrintWriter hint = Objects.requireNonNull(spec).commandLine().getErr();
        hint.println("It is shown this once; " + name + " sends it as the header: Authorization: Bearer KEY"
                + (first ? ". From now on calls without a key are refused." : ""));
        hint.flush();
        return 0;
    }

    @Command(description = "Names and limits.", mixinStandardHelpOptions = true)
    int list(@Mixin DataOption data) {
        List<String> keys =
                lines(file(data)).stream().filter(KeysCommand::isKey).toList();
        keys.forEach(line -> console.line(line.strip().replaceFirst("\\s+\\S+", "")));
        if (keys.isEmpty()) {
            console.line("There are no keys: everybody may call. Make one by: ./tern keys add NAME");
        }
        return 0;
    }

    @Command(description = "Ends a key; without any, everybody may call.", mixinStandardHelpOptions = true)
    int remove(@Mixin DataOption data, @Parameters(paramLabel = "NAME") String name) {
        Path file = file(data);
        List<String> lines = lines(file);
        if (!lines.removeIf(line -> isOf(line, name))) {
            throw new LaunchFailure("there is no key " + name, "see those that there are: ./tern keys list");
        }
        write(file, lines);
        if (lines.stream().noneMatch(KeysCommand::isKey)) {
            console.line("That was the last key: now everybody may call.");
        }
        return 0;
    }

    /** Whether callers need one. */
    static boolean areAskedFor(Path file) {
        return lines(file).stream().anyMatch(KeysCommand::isKey);
    }

    private static boolean isKey(String line) {
        return !line.isBlank() && !line.strip().startsWith("#");
    }

    private String limit(String name, @Nullable Integer value) {
        if (value == null) {
            return "";
        }
        if (value < 1 || value > 999_999_999) {
            throw wrong("--" + name + ": " + value + " (expected: 1..999999999)");
        }
        return " " + name + "=" + value;
    }

    /** Of {@code keys add}. */
    private ParameterException wrong(String message) {
        CommandLine keys = Objects.requireNonNull(spec).commandLine();
        return new ParameterException(keys.getSubcommands().get("add"), message);
    }

    private static boolean isOf(String line, String name) {
        return line.strip().split("\\s+")[0].equals(name);
    }

    private static Path file(DataOption data) {
        return data.in(Installation.current()).keys();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? new ArrayList<>(Files.readAllLines(file)) : new ArrayList<>();
        } catch (IOException e) {
            throw new LaunchFailure("the keys cannot be read: " + e.getMessage(), "see that " + file + " can be", e);
        }
    }

    /** At once, so that the gateway never reads half of it; for the owner alone where files have owners. */
    private static void write(Path file, List<String> lines) {
        try {
            Files.createDirectories(file.getParent());
            Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
            Files.write(unfinished, lines);
            if (Files.getFileStore(unfinished).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
            }
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LaunchFailure("the keys cannot be written: " + e.getMessage(), "see that " + file + " can be", e);
        }
    }
}
