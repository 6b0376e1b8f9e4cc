package io.tern.gateway;

import static io.tern.serving.ServingProperties.require;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the gateway, prefix {@code tern}.
 *
 * @param upstream where the three services are
 * @param upstreams OpenAI-compatible servers by name, reached under {@code /upstreams/NAME/v1}
 * @param kafkaBootstrapServers {@code host:port,...}; empty: no jobs
 * @param dataDirectory where the artifacts of jobs are kept, the same as the services'
 * @param hosts names by which clients may call the gateway, beside addresses and {@code localhost}; {@code *}: any
 * @param pictureHosts hosts, with a port or without, from which pictures may be fetched by https for detections; {@code *}:
 *     any at a public address; none: nothing is fetched
 * @param webhookHosts where webhooks of jobs may lead: hosts as above, or any origin in full, as {@code http://hooks:8080};
 *     on this machine also while the gateway listens on loopback alone and asks for no keys
 * @param files what callers may keep
 * @param batchLines that batches ask of a service at the same time, all together; 0: as many as it does at once unless told
 *     otherwise, 8 texts, 4 detections or embeddings, 3 pictures
 * @param requestTimeout of a call on a service, more than 0; a gRPC client's own deadline counts instead
 * @param heartbeat how often a quiet event stream says that it is alive, more than 0
 * @param lastCall how long after SIGTERM work may go on before it is ended with a typed error, 0 or more
 * @param supervised end when standard input ends, that is, when the launcher has died
 */
@ConfigurationProperties("tern")
public record GatewayProperties(
        @DefaultValue Services upstream,
        @DefaultValue Map<String, OpenAiServer> upstreams,
        @DefaultValue("") String kafkaBootstrapServers,
        @DefaultValue(".tern") Path dataDirectory,
        @DefaultValue Set<String> hosts,
        @DefaultValue Set<String> pictureHosts,
        @DefaultValue Set<String> webhookHosts,
        @DefaultValue FileSizes files,
        @DefaultValue("0") int batchLines,
        @DefaultValue("10m") Duration requestTimeout,
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("2s") Duration lastCall,
        @DefaultValue("false") boolean supervised) {
    public GatewayProperties {
        upstreams = Map.copyOf(upstreams);
        for (String name : upstreams.keySet()) {
            require(name.matches("[a-z0-9-]{1,32}"), "tern.upstreams", name, "1..32 of [a-z0-9-]");
        }
        require(
                kafkaBootstrapServers.isEmpty()
                        || Arrays.stream(kafkaBootstrapServers.split(","))
                                .allMatch(server -> server.strip().matches(".+:[0-9]{1,5}")),
                "tern.kafka-bootstrap-servers",
                kafkaBootstrapServers,
                "host:port,...");
        require(batchLines >= 0, "tern.batch-lines", batchLines, "0 or more");
        require(requestTimeout.isPositive(), "tern.request-timeout", requestTimeout, "more than 0");
        require(heartbeat.isPositive(), "tern.heartbeat", heartbeat, "more than 0");
        require(!lastCall.isNegative(), "tern.last-call", lastCall, "0 or more");
    }

    int batchLines(int usual) {
        return batchLines == 0 ? usual : batchLines;
    }

    /** Addresses, {@code host:port}. */
    public record Services(
            @DefaultValue("127.0.0.1:9101") String detection,
            @DefaultValue("127.0.0.1:9102") String generation,
            @DefaultValue("127.0.0.1:9103") String decoding) {}

    /**
     * @param maxSize of one upload, 1 byte or more
     * @param quota of all files of one caller together, 1 byte or more
     */
    public record FileSizes(
            @DefaultValue("200MB") DataSize maxSize,
            @DefaultValue("4GB") DataSize quota) {
        public FileSizes {
            require(maxSize.toBytes() > 0, "tern.files.max-size", maxSize, "1 byte or more");
            require(quota.toBytes() > 0, "tern.files.quota", quota, "1 byte or more");
        }
    }

    /** @param uri as {@code https://host:port/base}, under which {@code /v1/...} lies */
    public record OpenAiServer(URI uri) {}
}
