package io.tern.gateway.web;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.wire.StrictJson;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
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
     * have sent all. Behind it the connection ends with the answer.
     */
    public static final long DRAIN_LIMIT = 128L << 20;

    private final Scheduler workers;

    public RequestBody(Scheduler workers) {
        this.workers = workers;
    }

    /** Errors: INVALID_ARGUMENT, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, OVERLOADED; what follows runs on a virtual thread. */
    public Mono<ObjectNode> json(ServerRequest request, int limit) {
        return bytes(request, limit, MediaType.APPLICATION_JSON).map(StrictJson::object);
    }

    /**
     * The body as it is, of one of these types. Errors: as {@link #json}.
     *
     * @param types the first is taken for one that says none
     */
    public Mono<byte[]> bytes(ServerRequest request, int limit, MediaType... types) {
        return Mono.defer(() -> {
            requireType(request, types);
            return joined(limited(request.exchange(), limit));
        });
    }

    /**
     * The same of a body that may come packed; the limit is also that of what comes out.
     *
     * @param types the first is taken for one that says none
     */
    public Mono<byte[]> unpacked(ServerRequest request, int limit, MediaType... types) {
        return Mono.defer(() -> {
            requireType(request, types);
            Packing packing = Packing.ofBody(request.headers().asHttpHeaders());
            BodyBudget.Share share = BodyBudget.shareOf(request.exchange());
            return joined(counted(request.exchange(), limit))
                    .map(body -> packing == Packing.NONE ? body : packing.unpack(body, limit, share));
        });
    }

    private Mono<byte[]> joined(Flux<DataBuffer> body) {
        return DataBufferUtils.join(body)
                .map(RequestBody::bytes)
                .defaultIfEmpty(new byte[0])
                .publishOn(workers);
    }

    /** No media type is taken for the expected one. */
    public static void requireType(ServerRequest request, MediaType... expected) {
        MediaType type = request.headers().contentType().orElse(expected[0]);
        if (Arrays.stream(expected).noneMatch(one -> one.isCompatibleWith(type))) {
            throw new TernException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "content-type: " + type.getType() + "/" + type.getSubtype() + " (expected: "
                            + Arrays.stream(expected).map(MediaType::toString).collect(Collectors.joining(" or "))
                            + ")");
        }
    }

    /** Nothing is unpacked unless a route says so: a small body stays small. */
    public static void refuseEncoded(HttpHeaders headers) {
        if (headers.containsHeader(HttpHeaders.CONTENT_ENCODING)) {
            throw new TernException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "content-encoding: not supported by this server");
        }
    }

    /** The body's buffers up to the limit; the receiver releases them. */
    static Flux<DataBuffer> limited(ServerWebExchange exchange, int limit) {
        try {
            refuseEncoded(exchange.getRequest().getHeaders());
        } catch (TernException encoded) {
            return Flux.error(encoded);
        }
        return counted(exchange, limit);
    }

    private static Flux<DataBuffer> counted(ServerWebExchange exchange, int limit) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        if (headers.getContentLength() > DRAIN_LIMIT) {
            hangUp(exchange);
            return Flux.error(tooLarge(limit));
        }
        return Flux.defer(() -> {
            Limit counted =
                    new Limit(limit, headers.getContentLength(), BodyBudget.shareOf(exchange), () -> hangUp(exchange));
            return exchange.getRequest()
                    .getBody()
                    .<DataBuffer>handle(counted::pass)
                    .concatWith(counted.refusal());
        });
    }

    /** Else the rest would be read for as long as it comes. */
    private static void hangUp(ServerWebExchange exchange) {
        exchange.getResponse().getHeaders().setConnection("close");
    }

    /** Counts one body. Once it is refused, the rest is thrown away and the error comes at the end. */
    private static final class Limit {
        private final int limit;
        private final long announced;
        private final BodyBudget.Share share;
        private final Runnable hangUp;
        private @Nullable TernException refusal;
        private long size;

        /** @param announced bytes, or -1; so much is taken at once, so that of several large bodies the first get in */
        Limit(int limit, long announced, BodyBudget.Share share, Runnable hangUp) {
            this.limit = limit;
            this.announced = announced;
            this.share = share;
            this.hangUp = hangUp;
            this.refusal = announced > 0 ? refuse(announced, announced) : null;
        }

        void pass(DataBuffer buffer, SynchronousSink<DataBuffer> sink) {
            int bytes = buffer.readableByteCount();
            size += bytes;
            if (refusal == null) {
                refusal = refuse(size, announced > 0 ? 0 : bytes);
            }
            if (refusal == null) {
                sink.next(buffer);
                return;
            }
            DataBufferUtils.release(buffer);
            if (size > DRAIN_LIMIT) {
                hangUp.run();
                sink.error(refusal);
            }
        }

        Mono<DataBuffer> refusal() {
            return Mono.defer(() -> refusal == null ? Mono.empty() : Mono.error(refusal));
        }

        private @Nullable TernException refuse(long total, long more) {
            if (total > limit) {
                return tooLarge(limit);
            }
            try {
                if (more > 0) {
                    share.take(more);
                }
                return null;
            } catch (TernException overloaded) {
                return overloaded;
            }
        }
    }

    static TernException tooLarge(int limit) {
        return new TernException(
                ErrorCode.PAYLOAD_TOO_LARGE, "body: too large (expected: at most " + limit + " bytes)");
    }

    static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
