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
                + " its pictures, and one JSON file as COCO has it beside them or elsewhere.",
        mixinStandardHelpOptions = true)
public final class EvalCommand implements Callable<Integer> {
    private static final String PROGRAM = "io.tern.detection.service.EvaluateFolder";

    @Parameters(index = "0", paramLabel = "FOLDER", description = "Pictures and their labels.")
    private Path folder = Path.of("");

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            defaultValue = "",
            description = "COCO's JSON; the only one of the folder if absent.")
    private String labels = "";

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "",
            description = "A detector of ./tern models, or an ONNX file; the default detector if absent.")
    private String model = "";

    @Option(
            names = "--threshold",
            paramLabel = "SCORE",
            defaultValue = "0.05",
            description = "Detections below it take no part: 0..1, ${DEFAULT-VALUE} if absent.")
    private String threshold = "";

    @Option(names = "--classes", description = "Adds the average precision of each class.")
    private boolean classes;

    @Option(names = "--json", description = "All of it as JSON.")
    private boolean json;

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
                labels,
                model,
                threshold,
                json ? "json" : classes ? "classes" : "table",
                installation.catalogue().toString(),
                dataFolder.models().toString(),
                dataFolder.root().toString(),
                dataFolder.cache().toString());
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new LaunchFailure("eval cannot be started: " + e.getMessage(), "see ./tern doctor", e);
        }
    }
}
