package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class GatewayPropertiesTest {
    private static GatewayProperties bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("tern", GatewayProperties.class);
    }

    @Test
    void hasADefaultForEachProperty() {
        GatewayProperties properties = bound(Map.of());

        assertThat(properties.requestTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(properties.heartbeat()).isEqualTo(Duration.ofSeconds(15));
        assertThat(properties.lastCall()).isEqualTo(Duration.ofSeconds(2));
        assertThat(properties.kafkaBootstrapServers()).isEmpty();
        assertThat(properties.upstreams()).isEmpty();
        assertThat(properties.upstream().decoding()).isEqualTo("127.0.0.1:9103");
    }

    @Test
    void takesSeveralBrokers() {
        String brokers = "kafka-0:9092, [::1]:9092";

        assertThat(bound(Map.of("tern.kafka-bootstrap-servers", brokers)).kafkaBootstrapServers())
                .isEqualTo(brokers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tern.kafka-bootstrap-servers | kafka             | kafka (expected: host:port,...)",
                "tern.kafka-bootstrap-servers | kafka:9092,other: | kafka:9092,other: (expected: host:port,...)",
                "tern.request-timeout         | 0s                | PT0S (expected: more than 0)",
                "tern.heartbeat               | 0s                | PT0S (expected: more than 0)",
                "tern.last-call               | -1s               | PT-1S (expected: 0 or more)",
            })
    void refusesWhatCannotWork(String property, String value, String told) {
        assertThatThrownBy(() -> bound(Map.of(property, value))).rootCause().hasMessage(property + ": " + told);
    }
}
