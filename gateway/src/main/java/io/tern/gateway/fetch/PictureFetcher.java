package io.tern.gateway.fetch;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fetches the pictures that a request names by their addresses: by https, from named hosts, at public addresses of the
 * network, without redirects, within bounds of size and time. The address of the network is checked where the connection is
 * made, so a name that means another host a moment later brings nothing. What exactly has failed is not told, as that would
 * map the network behind. Safe for many threads.
 */
public final class PictureFetcher {
    /** As many as a request may hold. */
    private static final int MOST_PICTURES = 16;

    private static final int MOST_BYTES = 20 << 20;
    /** Of one request together. */
    private static final int MOST_BYTES_TOGETHER = 24 << 20;

    /** Of one request together. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Requests that fetch at the same time: what they hold lies beside all bodies. */
    private static final int MOST_AT_ONCE = 2;

    private final PublicHosts hosts;
    private final WebClient client;
    private final Duration timeout;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    private PictureFetcher(PublicHosts hosts, WebClient client, Duration timeout) {
        this.hosts = hosts;
        this.timeout = timeout;
        this.client = client;
    }

    /** @param hosts as {@code pictures.example.org} or with a port; {@code *}: any; none: nothing is fetched */
    public static PictureFetcher from(Set<String> hosts) {
        return with(hosts, HttpClientSettings.defaults().withInetAddressFilter(PublicHosts.ADDRESSES), TIMEOUT);
    }

    static PictureFetcher with(Set<String> hosts, HttpClientSettings settings, Duration timeout) {
        return new PictureFetcher(
                new PublicHosts("tern.picture-hosts", hosts), OutboundClient.with(settings, timeout), timeout);
    }

    /**
     * Puts fetched pictures in the place of their addresses in {@code image} and {@code images}, as data: URIs. What is no
     * address of the web stays as it is, and all does if nothing is fetched. Blocks.
     *
     * @throws TernException INVALID_ARGUMENT, PAYLOAD_TOO_LARGE or OVERLOADED
     */
    public ObjectNode fetched(ObjectNode body) {
        if (hosts.areNone() || !hasAddresses(body)) {
            return body;
        }
        int pictures = body.path("images").size();
        TernException.require(pictures <= MOST_PICTURES, "images", pictures + " of them", "at most " + MOST_PICTURES);
        if (!places.tryAcquire()) {
            throw new TernException(ErrorCode.OVERLOADED, "too many requests fetch pictures at once; try again");
        }
        try {
            replace(body, new Allowance(MOST_BYTES_TOGETHER, System.nanoTime() + timeout.toNanos()));
        } finally {
            places.release();
        }
        return body;
    }

    private static boolean hasAddresses(ObjectNode body) {
        return isAddress(body.path("image"))
                || body.path("images").valueStream().anyMatch(PictureFetcher::isAddress);
    }

    private void replace(ObjectNode body, Allowance allowance) {
        JsonNode image = body.path("image");
        if (isAddress(image)) {
            body.put("image", dataUri(fetch("image", image.stringValue(), allowance)));
        }
        if (body.path("images") instanceof ArrayNode images) {
            for (int i = 0; i < images.size(); i++) {
                if (isAddress(images.get(i))) {
                    String field = "images[" + i + "]";
                    images.set(i, dataUri(fetch(field, images.get(i).stringValue(), allowance)));
                }
            }
        }
    }

    /** What the pictures of one request may still take. */
    private static final class Allowance {
        private final long endNanos;
        private int bytes;

        Allowance(int bytes, long endNanos) {
            this.bytes = bytes;
            this.endNanos = endNanos;
        }

        Duration time() {
            return Duration.ofNanos(Math.max(1, endNanos - System.nanoTime()));
        }
    }

    private static boolean isAddress(JsonNode node) {
        return node.isString() && node.stringValue().regionMatches(true, 0, "http", 0, 4);
    }

    private static String dataUri(byte[] file) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(file); // its bytes tell what it is
    }

    private byte[] fetch(String field, String address, Allowance allowance) {
        URI uri = hosts.check(field, address);
        try {
            byte[] file = client.get()
                    .uri(uri)
                    .accept(MediaType.parseMediaType("image/*"))
                    .exchangeToMono(answer -> file(field, answer, Math.min(allowance.bytes, MOST_BYTES)))
                    .timeout(allowance.time())
                    .blockOptional()
                    .orElseGet(() -> new byte[0]);
            allowance.bytes -= file.length;
            return file;
        } catch (TernException refused) {
            throw refused;
        } catch (RuntimeException failed) {
            throw TernException.invalid(
                    field,
                    "it could not be fetched",
                    "a picture at a public address, answered within " + timeout.toSeconds() + " s");
        }
    }

    private static Mono<byte[]> file(String field, ClientResponse answer, int most) {
        if (!answer.statusCode().isSameCodeAs(HttpStatus.OK)) {
            return answer.releaseBody()
                    .then(Mono.error(TernException.invalid(
                            field,
                            "its host answers " + answer.statusCode().value(),
                            "200; redirects are not followed")));
        }
        return DataBufferUtils.join(answer.bodyToFlux(DataBuffer.class), most)
                .map(PictureFetcher::bytes)
                .onErrorMap(
                        DataBufferLimitException.class,
                        _ -> new TernException(
                                ErrorCode.PAYLOAD_TOO_LARGE,
                                field + ": too many bytes (expected: at most " + MOST_BYTES + ", and "
                                        + MOST_BYTES_TOGETHER + " of all)",
                                field,
                                null));
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
