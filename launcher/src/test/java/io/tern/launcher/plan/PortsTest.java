package io.tern.launcher.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void theDefaultBaseGivesTheDocumentedPorts() {
        Ports ports = new Ports(Ports.DEFAULT_BASE);

        assertThat(ports.gatewayHttp()).isEqualTo(8080);
        assertThat(ports.gatewayManagement()).isEqualTo(8081);
        assertThat(ports.gatewayGrpc()).isEqualTo(9090);
        assertThat(ports.of(Service.DETECTION)).isEqualTo(9101);
        assertThat(ports.of(Service.GENERATION)).isEqualTo(9102);
        assertThat(ports.of(Service.DECODING)).isEqualTo(9103);
        assertThat(ports.management(Service.DETECTION)).isEqualTo(9111);
        assertThat(ports.management(Service.GENERATION)).isEqualTo(9112);
        assertThat(ports.management(Service.DECODING)).isEqualTo(9113);
        assertThat(ports.of(Service.KAFKA)).isEqualTo(19092);
        assertThat(ports.kafkaController()).isEqualTo(19093);
    }

    @Test
    void noTwoUsesShareAPort() {
        // gateway 3, kafka 3, each service 2
        assertThat(new Ports(20_000).all()).hasSize(12);
    }

    @Test
    void basesAHundredApartRunSideBySide() {
        Set<Integer> shared = new HashSet<>(new Ports(8080).all().keySet());
        shared.retainAll(new Ports(8180).all().keySet());

        assertThat(shared).isEmpty();
    }

    @Test
    void refusesABaseWhosePortsDoNotExist() {
        assertThat(new Ports(54_522).all().keySet()).allMatch(port -> port <= 65_535);
        assertThatThrownBy(() -> new Ports(54_523)).hasMessage("port base: 54523 (expected: 1024..54522)");
        assertThatThrownBy(() -> new Ports(80)).hasMessageContaining("1024..54522");
    }
}
