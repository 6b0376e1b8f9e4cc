package io.tern.launcher.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tern.launcher.host.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the manifests promise about security and order, read off what kubectl would apply. */
class KubernetesTest {
    private static final Path FOLDER = Path.of(System.getProperty("tern.root"), "k8s");
    private static final Set<String> MODEL_SERVICES = Set.of("detection", "generation", "decoding");

    private static List<Yaml> rendered = List.of();

    @BeforeAll
    static void render() {
        Optional<String> text = Tool.ask(
                "kubectl", "kustomize", FOLDER.resolve("overlays/local").toString());
        assumeThat(text).as("kubectl is here to render the manifests").isPresent();
        rendered = Yaml.all(text.orElseThrow());
    }

    private static List<Yaml> kind(String kind) {
        return rendered.stream()
                .filter(document -> document.at("kind").text().equals(kind))
                .toList();
    }

    private static String name(Yaml document) {
        return document.at("metadata", "name").text();
    }

    private static Map<String, Yaml> pods() {
        return Stream.of("Deployment", "StatefulSet", "Job")
                .flatMap(kind -> kind(kind).stream())
                .collect(Collectors.toMap(KubernetesTest::name, workload -> workload.at("spec", "template")));
    }

    private static List<Yaml> containers(Yaml pod) {
        List<Yaml> containers = new ArrayList<>(pod.at("spec", "containers").items());
        containers.addAll(pod.at("spec", "initContainers").items());
        return containers;
    }

    private static List<Yaml> containers() {
        return pods().values().stream().flatMap(pod -> containers(pod).stream()).toList();
    }

    @Test
    void everyFileIsStrictYamlOfKnownKind() throws Exception {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                assertThat(Yaml.all(file)).as(file.toString()).isNotEmpty().allSatisfy(document -> {
                    assertThat(document.at("kind").isMissing()).isFalse();
                    assertThat(document.at("apiVersion").isMissing()).isFalse();
                });
            }
        }
    }

    @Test
    void allPartsAreThere() {
        assertThat(pods().keySet())
                .containsExactlyInAnyOrder("kafka", "models", "detection", "generation", "decoding", "gateway");
        assertThat(rendered)
                .allSatisfy(document -> assertThat(
                                name(document).equals("tern")
                                        ? "tern"
                                        : document.at("metadata", "namespace").text())
                        .isEqualTo("tern"));
    }

    @Test
    void podsRunWithoutRightsThatTheyDoNotNeed() {
        pods().forEach((name, pod) -> {
            Yaml security = pod.at("spec", "securityContext");
            assertThat(security.at("runAsNonRoot").node()).as(name).isEqualTo(true);
            assertThat((Integer) security.at("runAsUser").node()).as(name).isPositive();
            assertThat(security.at("seccompProfile", "type").text()).as(name).isEqualTo("RuntimeDefault");
            assertThat(pod.at("spec", "automountServiceAccountToken").node())
                    .as(name)
                    .isEqualTo(false);
            for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
                assertThat(pod.at("spec", shared).isMissing()).as(name).isTrue();
            }
            assertThat(pod.at("spec", "volumes").items())
                    .as(name)
                    .allMatch(volume -> volume.at("hostPath").isMissing());
        });
    }

    @Test
    void containersAreLockedDownAndBounded() {
        assertThat(containers()).hasSize(9).allSatisfy(container -> {
            Yaml security = container.at("securityContext");
            assertThat(security.at("allowPrivilegeEscalation").node()).isEqualTo(false);
            assertThat(security.at("readOnlyRootFilesystem").node()).isEqualTo(true);
            assertThat(security.at("capabilities", "drop").items()).containsExactly(new Yaml("ALL"));
            assertThat(security.at("capabilities", "add").isMissing()).isTrue();
            assertThat(container.at("resources", "requests", "memory").isMissing())
                    .isFalse();
            assertThat(container.at("resources", "requests", "cpu").isMissing()).isFalse();
            assertThat(container.at("resources", "limits", "memory").isMissing())
                    .isFalse();
        });
    }

    @Test
    void imagesHaveATagThatStaysWhatItIs() {
        assertThat(containers())
                .allSatisfy(container -> assertThat(container.at("image").text())
                        .matches("[a-z0-9/-]+:[A-Za-z0-9._-]+")
                        .doesNotEndWith(":latest"));
    }

    @Test
    void whatServesIsProbed() {
        pods().forEach((name, pod) -> {
            if (name.equals("models")) {
                return;
            }
            Yaml container = pod.at("spec", "containers").items().getFirst();
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                String way = name.equals("kafka") ? "tcpSocket" : name.equals("gateway") ? "httpGet" : "grpc";
                assertThat(container.at(probe, way).isMissing())
                        .as(name + " " + probe)
                        .isFalse();
            }
        });
    }

    @Test
    void servicesVerifyTheirModelsBeforeTheyStart() {
        pods().forEach((name, pod) -> assertThat(
                        pod.at("spec", "initContainers").items())
                .as(name)
                .hasSize(MODEL_SERVICES.contains(name) ? 1 : 0)
                .allMatch(container -> container.at("args").items().contains(new Yaml("verify"))));
    }

    @Test
    void argumentsAreThoseThatTheLauncherGives() {
        pods().forEach((name, pod) -> {
            if (!MODEL_SERVICES.contains(name) && !name.equals("gateway")) {
                return;
            }
            List<String> options =
                    Options.of(pod.at("spec", "containers").items().getFirst().at("args"));
            assertThat(options).as(name).isNotEmpty().isSubsetOf(Options.known(name));
        });
    }

    /** Their root is read-only. */
    @Test
    void everyFolderThatIsWrittenIsMounted() {
        pods().forEach((name, pod) -> {
            if (MODEL_SERVICES.contains(name) || name.equals("gateway")) {
                assertThat(pod.at("spec", "containers")
                                .items()
                                .getFirst()
                                .at("volumeMounts")
                                .items())
                        .as(name)
                        .extracting(mount -> mount.at("mountPath").text())
                        .containsAll(Options.writtenFolders(name));
            }
        });
    }

    @Test
    void argumentsNameSettingsThatExist() {
        Set<String> settings = kind("ConfigMap").getFirst().at("data").entries().keySet();
        for (Yaml container : containers()) {
            for (Yaml argument : container.at("args").items()) {
                if (argument.text().contains("$(")) {
                    assertThat(settings).contains(argument.text().replaceAll(".*\\$\\((.*)\\)", "$1"));
                }
            }
        }
    }

    @Test
    void everyMountHasItsVolumeAndEveryClaimExists() {
        Set<String> claims =
                kind("PersistentVolumeClaim").stream().map(KubernetesTest::name).collect(Collectors.toSet());
        Yaml kafka = kind("StatefulSet").getFirst();
        pods().forEach((name, pod) -> {
            List<Yaml> volumes = pod.at("spec", "volumes").items();
            Set<String> names = Stream.concat(
                            volumes.stream().map(volume -> volume.at("name").text()),
                            name.equals("kafka")
                                    ? kafka.at("spec", "volumeClaimTemplates").items().stream()
                                            .map(KubernetesTest::name)
                                    : Stream.of())
                    .collect(Collectors.toSet());
            for (Yaml container : containers(pod)) {
                assertThat(container.at("volumeMounts").items())
                        .extracting(mount -> mount.at("name").text())
                        .isSubsetOf(names);
            }
            for (Yaml volume : volumes) {
                Yaml claim = volume.at("persistentVolumeClaim", "claimName");
                assertThat(claim.isMissing() || claims.contains(claim.text()))
                        .as(name)
                        .isTrue();
            }
        });
    }

    @Test
    void nothingIsAllowedButTheEdgesThatAreDrawn() {
        Yaml denial = kind("NetworkPolicy").stream()
                .filter(policy -> name(policy).equals("default-deny"))
                .findFirst()
                .orElseThrow();
        assertThat(denial.at("spec", "podSelector").entries()).isEmpty();
        assertThat(denial.at("spec", "policyTypes").items()).containsExactly(new Yaml("Ingress"), new Yaml("Egress"));
        assertThat(denial.at("spec", "ingress").isMissing()).isTrue();

        List<String> worldly = kind("NetworkPolicy").stream()
                .filter(policy -> policy.at("spec", "egress").text().contains("ipBlock"))
                .map(KubernetesTest::name)
                .toList();
        assertThat(worldly).as("may reach the world").containsExactly("models");
    }

    @Test
    void theNamespaceRefusesWhatIsNotRestricted() {
        Map<String, Yaml> labels =
                kind("Namespace").getFirst().at("metadata", "labels").entries();
        assertThat(labels).containsEntry("pod-security.kubernetes.io/enforce", new Yaml("restricted"));
    }
}
