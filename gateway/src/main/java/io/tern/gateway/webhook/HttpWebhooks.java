package io.tern.gateway.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.tern.base.TernException;
import io.tern.gateway.fetch.OutboundClient;
import io.tern.gateway.fetch.PublicHosts;
import io.tern.gateway.keys.SharedSecret;
import io.tern.jobs.WebhookSender;
import io.tern.jobs.v1.Job;
import io.tern.wire.jobs.JobsJson;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Posts the ends of jobs, signed as Standard Webhooks 1.0 has it: {@code webhook-id} is the job's id and the same in each
 * call, {@code webhook-signature} is of {@code id.timestamp.body}. Redirects are not followed, and what is answered beside the
 * status is not read. Safe for many threads.
 */
public final class HttpWebhooks implements WebhookSender {
    private static final Logger LOG = LoggerFactory.getLogger(HttpWebhooks.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final WebhookHosts hosts;
    private final SharedSecret secret;
    private final InstantSource clock;
    private final MeterRegistry registry;
    private final WebClient publicClient;
    private final WebClient namedClient;

    public HttpWebhooks(WebhookHosts hosts, SharedSecret secret, InstantSource clock, MeterRegistry registry) {
        this.hosts = hosts;
        this.secret = secret;
        this.clock = clock;
        this.registry = registry;
        HttpClientSettings settings = HttpClientSettings.defaults();
        this.publicClient = OutboundClient.with(settings.withInetAddressFilter(PublicHosts.ADDRESSES), TIMEOUT);
        this.namedClient = OutboundClient.with(settings, TIMEOUT);
    }

    @Override
    public Outcome send(Job end) {
        Outcome outcome = called(end);
        registry.counter("tern.webhooks", "outcome", outcome.name().toLowerCase(Locale.ROOT))
                .increment();
        return outcome;
    }

    private Outcome called(Job end) {
        try {
            WebhookHosts.Target target = hosts.target(end.getWebhook());
            return outcome(end, post(target.isPublic() ? publicClient : namedClient, target.uri(), end));
        } catch (TernException refused) {
            LOG.warn(
                    "job {}: {}",
                    end.getId(),
                    refused.getMessage()); // the settings have changed, or it came over Kafka
            return Outcome.REFUSED;
        } catch (RuntimeException failed) {
            LOG.info("job {}: its webhook could not be called: {}", end.getId(), failed.toString());
            return Outcome.FAILED;
        }
    }

    private HttpStatusCode post(WebClient client, URI target, Job end) {
        String body = JobsJson.webhook(end).toString();
        String timestamp = String.valueOf(clock.instant().getEpochSecond());
        String signature = Base64.getEncoder().encodeToString(secret.sign(end.getId() + "." + timestamp + "." + body));
        return client.post()
                .uri(target)
                .contentType(MediaType.APPLICATION_JSON)
                .header("webhook-id", end.getId())
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", "v1," + signature)
                .bodyValue(body)
                .exchangeToMono(answer -> answer.releaseBody().thenReturn(answer.statusCode()))
                .blockOptional(TIMEOUT)
                .orElseThrow();
    }

    private static Outcome outcome(Job end, HttpStatusCode status) {
        if (status.is2xxSuccessful()) {
            return Outcome.TAKEN;
        }
        LOG.info("job {}: its webhook answers {}", end.getId(), status.value());
        return status.isSameCodeAs(HttpStatus.GONE) ? Outcome.REFUSED : Outcome.FAILED;
    }
}
