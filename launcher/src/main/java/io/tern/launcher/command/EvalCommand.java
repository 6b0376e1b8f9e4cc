package io.tern.launcher.command;

import io.tern.launcher.LaunchFailure;
import io.tern.launcher.plan.DataFolder;
import io.tern.launcher.plan.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./tern eval FOLDER}. */
@Command(
        name = "eval",
        description = "Average precision (COCO) of a detector on a folder of labelled pictures:"
                + " one JSON file as COCO has it, and the pictures beside it.",
        mixinStandardHelpOptions = true)
public final class EvalCommand implements Callable<Integer> {
    private static final String PROGRAM = "io.tern.detection.service.EvaluateFolder";

    @Parameters(index = "0", paramLabel = "FOLDER", description = "Pictures and their labels.")
    private Path folder = Path.of("");

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "",
            description = "A detector of ./tern models, or an ONNX file; the default detector if absent.")
    private String model = "";

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws InterruptedException {
        if (!Files.isDirectory(folder)) {
            throw new LaunchFailure("there is no folder " + folder, "name the folder of the labelled pictures");
        }
        Installation installation = Installation.current();
        DataFolder dataFolder = data.in(installation);
        List<String> command = List.of(
                installation.java().toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                installation.jar("detection-service").toString(),
                PROGRAM,
                folder.toString(),
                model,
                installation.catalogue().toString(),
                dataFolder.models().toString(),
                dataFolder.cache().toString());
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new LaunchFailure("eval cannot be started: " + e.getMessage(), "see ./tern doctor", e);
        }
    }
}
