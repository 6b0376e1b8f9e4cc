package io.tern.gateway.web;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.wire.StrictJson;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.node.ObjectNode;

/** Reads bodies up to a limit. Parsing is done on a virtual thread: a large body must not hold up the event loop. */
public final class RequestBody {
    /** Text needs no more; a prompt of a million characters is refused at the door. */
    public static final int TEXT_LIMIT = 1_000_000;
    /** Pictures travel in base64. */
    public static final int PICTURE_LIMIT = 32 << 20;

    /**
     * What is over the limit is read and thrown away up to here, because many clients see the answer only after they
     * have sent all.
     */
    private static final long DRAIN_LIMIT = 128L << 20;

    private final Scheduler workers;

    public RequestBody(Scheduler workers) {
        this.workers = workers;
    }

    /** Errors: INVALID_ARGUMENT, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE; what follows runs on a virtual thread. */
    public Mono<ObjectNode> json(ServerRequest request, int limit) {
        return Mono.defer(() -> {
            requireType(request, MediaType.APPLICATION_JSON);
            return DataBufferUtils.join(limited(request.exchange().getRequest(), limit))
                    .map(RequestBody::bytes)
                    .defaultIfEmpty(new byte[0])
                    .publishOn(workers)
                    .map(StrictJson::object);
        });
    }

    /** No media type is taken for the expected one. */
    static void requireType(ServerRequest request, MediaType expected) {
        MediaType type = request.headers().contentType().orElse(expected);
        if (!expected.isCompatibleWith(type)) {
            throw new TernException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "content-type: " + type.getType() + "/" + type.getSubtype() + " (expected: " + expected + ")");
        }
    }

    /** The body's buffers up to the limit; the receiver releases them. */
    static Flux<DataBuffer> limited(ServerHttpRequest request, int limit) {
        if (request.getHeaders().containsHeader(HttpHeaders.CONTENT_ENCODING)) {
            // Nothing here unpacks: a small body stays small.
            return Flux.error(new TernException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "content-encoding: not supported by this server"));
        }
        TernException tooLarge = new TernException(
                ErrorCode.PAYLOAD_TOO_LARGE, "body: too large (expected: at most " + limit + " bytes)");
        if (request.getHeaders().getContentLength() > DRAIN_LIMIT) {
            return Flux.error(tooLarge);
        }
        AtomicLong size = new AtomicLong();
        return request.getBody()
                .<DataBuffer>handle((buffer, sink) -> {
                    long total = size.addAndGet(buffer.readableByteCount());
                    if (total <= limit && request.getHeaders().getContentLength() <= limit) {
                        sink.next(buffer);
                        return;
                    }
                    DataBufferUtils.release(buffer);
                    if (total > DRAIN_LIMIT) {
                        sink.error(tooLarge);
                    }
                })
                .concatWith(Mono.defer(() -> size.get() > limit ? Mono.error(tooLarge) : Mono.empty()));
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
