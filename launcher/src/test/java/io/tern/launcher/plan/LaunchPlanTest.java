package io.tern.launcher.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchPlanTest {
    private static LaunchPlan plan(String bind) {
        Path root = Path.of("/opt/a checkout");
        Installation installation = new Installation(root, root.resolve("target/dist"), Path.of("/opt/jdk/bin/java"));
        return new LaunchPlan(installation, new DataFolder(root.resolve(".tern")), new Ports(8080), bind);
    }

    @Test
    void startsEveryServiceOnce() {
        assertThat(plan("127.0.0.1").children()).extracting(ChildPlan::service).containsExactly(Service.values());
    }

    @Test
    void onlyTheGatewayListensOnTheBindAddress() {
        for (ChildPlan child : plan("0.0.0.0").children()) {
            boolean exposed = child.command().stream().anyMatch(argument -> argument.endsWith("=0.0.0.0"));

            assertThat(exposed).as(child.service().label()).isEqualTo(child.service() == Service.GATEWAY);
            assertThat(child.ready().getHost()).isEqualTo("127.0.0.1");
        }
    }

    /** ONNX Runtime 1.29.0 crashes at start when the command line is longer than 4 KiB. */
    @Test
    void commandLinesStayShort() {
        for (ChildPlan child : plan("127.0.0.1").children()) {
            assertThat(String.join(" ", child.command()).length()).isLessThan(2000);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://127.0.0.1:8080, false",
        "0.0.0.0,   http://127.0.0.1:8080, true",
        "::,        http://127.0.0.1:8080, true",
        "::1,       http://[::1]:8080,     false",
        "10.1.2.3,  http://10.1.2.3:8080,  true"
    })
    void knowsHowTheGatewayIsReachedAndByWhom(String bind, String gateway, boolean isPublic) {
        assertThat(plan(bind).gateway()).hasToString(gateway);
        assertThat(plan(bind).isPublic()).isEqualTo(isPublic);
    }
}
