package io.tern.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./tern golden}, by the one writer that needs no packages. */
class GoldenTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root"));
    private static final String NOISE = "models/golden/generation/noise.json";

    private String out = "";
    private String err = "";

    private int run(Path folder, String... command) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("tern-golden", ".err");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .start();
        out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        err = Files.readString(errors);
        Files.delete(errors);
        return code;
    }

    private int golden(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./tern", "golden"));
        command.addAll(List.of(arguments));
        return run(ROOT, command.toArray(String[]::new));
    }

    @BeforeEach
    void needsPython() throws InterruptedException {
        try {
            assumeThat(run(ROOT, "python3", "--version")).isZero();
        } catch (IOException e) {
            assumeThat(false).as("python3 is not here: " + e.getMessage()).isTrue();
        }
    }

    @Test
    void everyWriterIsListed() throws Exception {
        assertThat(golden("list")).isZero();

        try (Stream<Path> files = Files.walk(ROOT.resolve("models/golden"))) {
            List<Path> scripts = files.filter(file -> file.toString().endsWith(".py"))
                    .filter(file -> !file.endsWith("again.py"))
                    .toList();
            assertThat(scripts).isNotEmpty();
            for (Path script : scripts) {
                assertThat(out).contains(script.getFileName() + ", writes ");
            }
        }
    }

    @Test
    void vectorsThatAreStillTheSameAreSaidToBe() throws Exception {
        assertThat(golden("noise")).isZero();

        assertThat(out).startsWith("noise ").contains("1 file: ").containsAnyOf("the same", "near enough");
    }

    @Test
    void wrongUsageIsOneLineAndTwo() throws Exception {
        for (String wrong : List.of("sound", "minilm", "--fast")) {
            assertThat(golden(wrong)).as(wrong).isEqualTo(2);
            assertThat(err.lines())
                    .as(wrong)
                    .singleElement()
                    .asString()
                    .startsWith("tern: ")
                    .endsWith("see ./tern golden --help");
        }
    }

    @Test
    void aPythonThatIsNotThereIsOneLineAndOne() throws Exception {
        assertThat(golden("noise", "--python", "/nowhere/python")).isEqualTo(1);

        assertThat(err.lines()).singleElement().asString().startsWith("tern: --python /nowhere/python: ");
    }

    @Test
    void aVectorThatChangedIsFoundAndLeftUntilItIsAskedFor(@TempDir Path checkout) throws Exception {
        for (String file : List.of("models/golden/again.py", "models/golden/generation/noise_reference.py", NOISE)) {
            Files.createDirectories(checkout.resolve(file).getParent());
            Files.copy(ROOT.resolve(file), checkout.resolve(file));
        }
        for (String folder :
                List.of("docs", "runtime/src/test/resources/io/tern/onnx", "bench/src/main/resources/io/tern/bench")) {
            Files.createDirectories(checkout.resolve(folder));
        }
        Path noise = checkout.resolve(NOISE);
        String wrong = Files.readString(noise).replaceFirst("\"step\": 999", "\"step\": 998");
        Files.writeString(noise, wrong);

        assertThat(run(checkout, "python3", "models/golden/again.py", "noise")).isEqualTo(1);
        assertThat(out).contains("differs, by up to 1 ");
        assertThat(noise).hasContent(wrong);

        assertThat(run(checkout, "python3", "models/golden/again.py", "noise", "--write"))
                .isZero();
        assertThat(noise).content().contains("\"step\": 999").doesNotContain("\"step\": 998");
    }
}
