package io.tern.launcher.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComposeTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root"));

    private Yaml file = new Yaml(null);

    @BeforeEach
    void read() throws Exception {
        file = Yaml.all(ROOT.resolve("docker-compose.yml")).getFirst();
    }

    private Map<String, Yaml> services() {
        return file.at("services").entries();
    }

    @Test
    void bothKindsOfDeviceServeTheSame() {
        for (String service : List.of("detection", "generation", "decoding")) {
            Yaml cpu = services().get(service);
            Yaml gpu = services().get(service + "-gpu");

            assertThat(cpu.at("profiles").items()).containsExactly(new Yaml("cpu"));
            assertThat(gpu.at("profiles").items()).containsExactly(new Yaml("gpu"));
            assertThat(gpu.at("command")).isEqualTo(cpu.at("command"));
            assertThat(gpu.at("networks", "inside", "aliases").items()).containsExactly(new Yaml(service));
        }
    }

    @Test
    void ourContainersAreLockedDown() {
        services().forEach((name, service) -> {
            assertThat(service.at("cap_drop").items()).as(name).containsExactly(new Yaml("ALL"));
            assertThat(service.at("security_opt").items()).as(name).contains(new Yaml("no-new-privileges:true"));
            assertThat(service.at("privileged").isMissing()).as(name).isTrue();
            assertThat(service.at("read_only").node()).as(name).isEqualTo(name.equals("kafka") ? null : true);
        });
    }

    @Test
    void imagesHaveATagAndServersAHealthCheck() {
        services().forEach((name, service) -> {
            assertThat(service.at("image").text()).as(name).matches(".+:.+").doesNotEndWith(":latest");
            assertThat(service.at("healthcheck", "test").isMissing()).as(name).isEqualTo(name.equals("models"));
        });
    }

    @Test
    void onlyTheGatewayIsPublishedAndOnLoopback() {
        services().forEach((name, service) -> {
            List<String> ports =
                    service.at("ports").items().stream().map(Yaml::text).toList();
            assertThat(ports)
                    .as(name)
                    .hasSize(name.equals("gateway") ? 2 : 0)
                    .allMatch(port -> port.startsWith("127.0.0.1:"));
        });
    }

    @Test
    void argumentsAreThoseThatTheLauncherGives() {
        services().forEach((name, service) -> {
            List<String> options = Options.of(service.at("command"));
            if (!options.isEmpty()) {
                assertThat(options).as(name).isSubsetOf(Options.known(name.replace("-gpu", "")));
            }
        });
    }

    /** Their root is read-only. */
    @Test
    void everyFolderThatIsWrittenIsAVolume() throws Exception {
        String dockerfile = Files.readString(ROOT.resolve("docker/Dockerfile"));
        services().forEach((name, service) -> {
            if (!Options.of(service.at("command")).isEmpty()) {
                for (String folder : Options.writtenFolders(name)) {
                    assertThat(service.at("volumes").items())
                            .as(name)
                            .extracting(volume -> volume.text().split(":")[1])
                            .contains(folder);
                    assertThat(dockerfile)
                            .as("made in the image, so that a new volume is its user's")
                            .contains(" " + folder);
                }
            }
        });
    }

    @Test
    void everyTargetThatIsBuiltIsInTheDockerfile() throws Exception {
        String dockerfile = Files.readString(ROOT.resolve("docker/Dockerfile"));
        Set<String> stages = Pattern.compile("^FROM \\S+ AS (\\S+)$", Pattern.MULTILINE)
                .matcher(dockerfile)
                .results()
                .map((MatchResult stage) -> stage.group(1))
                .collect(Collectors.toSet());

        services().forEach((name, service) -> {
            if (!service.at("build").isMissing()) {
                assertThat(service.at("build", "dockerfile").text()).isEqualTo("docker/Dockerfile");
                assertThat(stages)
                        .as(name)
                        .contains(service.at("build", "target").text());
            }
        });
        assertThat(dockerfile).doesNotContain(":latest");
        assertThat(dockerfile.lines().filter(line -> line.startsWith("ENTRYPOINT")))
                .hasSize(5)
                .allMatch(line -> line.startsWith("ENTRYPOINT [\"java\""));
    }

    @Test
    void everyNetworkAndVolumeIsDeclared() {
        services().forEach((name, service) -> {
            assertThat(service.at("volumes").items())
                    .extracting(volume -> volume.text().split(":")[0])
                    .isSubsetOf(file.at("volumes").entries().keySet());
        });
        assertThat(file.at("networks", "inside", "internal").node()).isEqualTo(true);
    }
}
