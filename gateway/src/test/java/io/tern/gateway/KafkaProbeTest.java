package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.gateway.health.KafkaProbe;
import io.tern.gateway.health.Probe.Answer;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class KafkaProbeTest {
    @Test
    void oneBrokerThatTakesConnectionsIsEnough() throws IOException {
        int port;
        try (ServerSocket broker = new ServerSocket(0)) {
            port = broker.getLocalPort();
            assertThat(KafkaProbe.of("127.0.0.1:1, 127.0.0.1:" + port).ask()).isEqualTo(Answer.UP);
        }
        assertThat(KafkaProbe.of("127.0.0.1:" + port).ask()).isEqualTo(Answer.DOWN);
    }
}
