package io.tern.serving;

import java.nio.file.Path;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of a service, prefix {@code tern}.
 *
 * @param catalogue the model catalogue; shipped models lie beside it
 * @param modelsDirectory where fetched models lie
 * @param dataDirectory where converted models, the native library and the artifacts of jobs are kept
 * @param device {@code auto} (CUDA where there is a GPU), {@code cpu} or {@code cuda}
 * @param threads threads of one inference; 0: as many as there are processors
 * @param kafkaBootstrapServers {@code host:port,...}; empty: this service takes no jobs
 * @param managementPort HTTP port of /metrics and /health; 0: any free one; -1: none
 * @param managementAddress address that it listens on
 * @param supervised end when standard input ends, that is, when the launcher has died
 */
@ConfigurationProperties("tern")
public record ServingProperties(
        @DefaultValue("models/catalogue.json") Path catalogue,
        @DefaultValue(".tern/models") Path modelsDirectory,
        @DefaultValue(".tern") Path dataDirectory,
        @DefaultValue("auto") String device,
        @DefaultValue("0") int threads,
        @DefaultValue("") String kafkaBootstrapServers,
        @DefaultValue("-1") int managementPort,
        @DefaultValue("127.0.0.1") String managementAddress,
        @DefaultValue("false") boolean supervised) {
    public ServingProperties {
        require(Set.of("auto", "cpu", "cuda").contains(device), "tern.device", device, "auto, cpu or cuda");
        require(0 <= threads && threads <= 1024, "tern.threads", threads, "0..1024");
        if (threads == 0) {
            threads = Runtime.getRuntime().availableProcessors();
        }
    }

    /**
     * Checks a property of this service or of another record.
     *
     * @throws IllegalArgumentException with the property's value and what was expected
     */
    public static void require(boolean holds, String property, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(property + ": " + value + " (expected: " + expected + ")");
        }
    }
}
