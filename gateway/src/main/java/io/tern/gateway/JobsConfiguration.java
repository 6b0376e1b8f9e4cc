package io.tern.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tern.gateway.jobs.JobDesk;
import io.tern.gateway.jobs.KafkaJobDesk;
import io.tern.gateway.jobs.NoJobs;
import io.tern.gateway.keys.Keyring;
import io.tern.gateway.keys.SharedSecret;
import io.tern.gateway.webhook.HttpWebhooks;
import io.tern.gateway.webhook.WebhookHosts;
import io.tern.jobs.v1.JobState;
import io.tern.wire.jobs.JobsJson;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Jobs: where they are handed in, whom their ends are told to, and how many there are. */
@Configuration(proxyBeanMethods = false)
public class JobsConfiguration {
    @Bean
    WebhookHosts webhookHosts(
            GatewayProperties properties, Keyring keyring, @Value("${server.address:0.0.0.0}") InetAddress address) {
        return new WebhookHosts(properties.webhookHosts(), () -> address.isLoopbackAddress() && !keyring.asksForKeys());
    }

    @Bean
    HttpWebhooks httpWebhooks(GatewayProperties properties, WebhookHosts hosts, MeterRegistry registry)
            throws IOException {
        Files.createDirectories(properties.dataDirectory());
        SharedSecret secret = SharedSecret.open(properties.dataDirectory().resolve("webhook-secret"));
        return new HttpWebhooks(hosts, secret, InstantSource.system(), registry);
    }

    @Bean
    JobDesk jobDesk(GatewayProperties properties, HttpWebhooks webhooks) {
        return properties.kafkaBootstrapServers().isEmpty()
                ? new NoJobs()
                : KafkaJobDesk.open(
                        properties.kafkaBootstrapServers(),
                        properties.dataDirectory().resolve("artifacts"),
                        webhooks);
    }

    @Bean
    MeterBinder jobCounts(JobDesk desk) {
        return registry -> Stream.of(JobState.values())
                .filter(state -> state != JobState.UNRECOGNIZED && state != JobState.JOB_STATE_UNSPECIFIED)
                .forEach(state -> registry.gauge(
                        "tern.jobs",
                        Tags.of("state", JobsJson.state(state)),
                        desk,
                        jobs -> jobs.counts().getOrDefault(state, 0)));
    }
}
