package io.tern.launcher.command;

import io.tern.launcher.LaunchFailure;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.report.Console;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tern retrieval build FILE...}: the texts that the drafter {@code retrieval} looks in. */
@Command(
        name = "retrieval",
        description = "Makes the corpus that drafts are looked up in (drafter retrieval).",
        mixinStandardHelpOptions = true)
public final class RetrievalCommand implements Callable<Integer> {
    /** Where the decoding service looks, in the data folder. */
    private static final String FOLDER = "retrieval";

    private final Console console = Console.standard();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "expected: retrieval build FILE...");
    }

    @Command(
            description = {
                "Puts these texts in place of the corpus before; none empties it.",
                "Every model reads them when the decoding service starts the next time."
            },
            mixinStandardHelpOptions = true)
    int build(@Mixin DataOption data, @Parameters(paramLabel = "FILE", arity = "0..*") List<Path> given) {
        List<Path> texts = Objects.requireNonNullElse(given, List.of());
        long characters = 0;
        for (Path file : texts) {
            characters += text(file).length(); // all are looked at before anything changes
        }
        Path folder = data.in(Installation.current()).root().resolve(FOLDER);
        try {
            empty(folder);
            Files.createDirectories(folder);
            for (int i = 0; i < texts.size(); i++) {
                Files.copy(texts.get(i), folder.resolve("%04d.txt".formatted(i)));
            }
        } catch (IOException e) {
            throw new LaunchFailure(
                    "the corpus cannot be written: " + e.getMessage(), "see that " + folder + " can be", e);
        }
        console.line(texts.size() + " texts of " + characters + " characters in " + folder);
        return 0;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new LaunchFailure(file + " is no UTF-8 text", "give texts alone", e);
        } catch (IOException e) {
            throw new LaunchFailure(file + " cannot be read", "see that it is there", e);
        }
    }

    private static void empty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(text -> text.toString().endsWith(".txt")).toList()) {
                Files.delete(file);
            }
        }
    }
}
