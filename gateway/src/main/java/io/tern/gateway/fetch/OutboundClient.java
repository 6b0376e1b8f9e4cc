package io.tern.gateway.fetch;

import java.time.Duration;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.web.reactive.function.client.WebClient;

/** Calls to servers that a caller has named: in bounded time, and never led on to another one. */
public final class OutboundClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private OutboundClient() {}

    /**
     * @param settings where it may connect, and whom it trusts
     * @param timeout of reading
     */
    public static WebClient with(HttpClientSettings settings, Duration timeout) {
        return WebClient.builder()
                .clientConnector(ClientHttpConnectorBuilder.reactor()
                        .build(settings.withRedirects(HttpRedirects.DONT_FOLLOW)
                                .withTimeouts(CONNECT_TIMEOUT, timeout)))
                .build();
    }
}
