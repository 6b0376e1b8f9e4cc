package io.tern.gateway.files;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.keys.KeyFilter;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.FormBody;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.jobs.JobOwner;
import io.tern.wire.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.codec.multipart.PartEventHttpMessageReader;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.channel.AbortedException;

/** {@code /v1/files}. The disk blocks, so each question has a virtual thread. */
public final class FilesHandler {
    private static final String ID = "/v1/files/{id}";
    private static final int PIECE_BYTES = 64 << 10;
    /** Pieces of an upload that wait for the disk. */
    private static final int PIECES_AHEAD = 4;
    /** What a form has beside its file. */
    private static final int FRAME_BYTES = 1 << 20;

    /** Where Reactor looks for who hears of errors that nobody takes: the parser tells an error within the body twice. */
    private static final String DROPPED_ERRORS = "reactor.onErrorDropped.local";

    private static final Consumer<Throwable> TOLD_ALREADY = _ -> {};

    private final PartEventHttpMessageReader parts = new PartEventHttpMessageReader();
    private final FileStore store;
    private final Scheduler workers;

    public FilesHandler(FileStore store, Scheduler workers) {
        this.store = store;
        this.workers = workers;
        parts.setMaxParts(FormBody.MAX_PARTS);
        parts.setMaxHeadersSize(FormBody.MAX_PART_HEADERS_BYTES);
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/v1/files", this::upload),
                Endpoint.get("/v1/files", this::list),
                Endpoint.get(
                        ID,
                        request -> blocking(() -> store.get(owner(request), id(request)))
                                .flatMap(file -> JsonAnswer.ok(file.json()))),
                Endpoint.get(ID + "/content", this::content),
                Endpoint.delete(ID, this::delete));
    }

    private Mono<ServerResponse> upload(ServerRequest request) {
        return Mono.defer(() -> {
            RequestBody.requireType(request, MediaType.MULTIPART_FORM_DATA);
            FormBody.requireBoundary(request);
            HttpHeaders headers = request.headers().asHttpHeaders();
            RequestBody.refuseEncoded(headers);
            long length = headers.getContentLength();
            if (length > store.limits().maxBytes() + FRAME_BYTES + RequestBody.DRAIN_LIMIT) {
                throw new TernException(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "file: too large (expected: at most " + store.limits().maxBytes() + " bytes)",
                        "file",
                        null);
            }
            return Mono.using(
                            () -> new Upload(store.begin(owner(request), length < 0 ? Long.MAX_VALUE : length)),
                            upload -> kept(request, upload),
                            FilesHandler::close)
                    .subscribeOn(workers);
        });
    }

    private Mono<ServerResponse> kept(ServerRequest request, Upload upload) {
        return Piece.of(parts, request.exchange().getRequest())
                .publishOn(workers, PIECES_AHEAD)
                .doOnNext(upload::take)
                .then(Mono.fromCallable(upload::finish))
                .flatMap(file -> JsonAnswer.ok(file.json()))
                .onErrorMap(
                        AbortedException.class,
                        left -> new TernException(ErrorCode.CANCELLED, "the client has left", null, left))
                .contextWrite(context -> context.put(DROPPED_ERRORS, TOLD_ALREADY));
    }

    private static void close(Upload upload) {
        try {
            upload.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary file stays until it is swept", e);
        }
    }

    private Mono<ServerResponse> list(ServerRequest request) {
        return blocking(() -> store.list(
                        owner(request), FileQuestion.of(request.queryParams().toSingleValueMap())))
                .flatMap(page -> JsonAnswer.ok(page.json()));
    }

    private Mono<ServerResponse> content(ServerRequest request) {
        if (request.method() == HttpMethod.HEAD) {
            return blocking(() -> store.get(owner(request), id(request)))
                    .flatMap(file -> contentOf(file).build());
        }
        return blocking(() -> store.content(owner(request), id(request)))
                .flatMap(opened ->
                        contentOf(opened.file()).body(BodyInserters.fromDataBuffers(pieces(opened.content()))));
    }

    private static ServerResponse.BodyBuilder contentOf(StoredFile file) {
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .contentLength(file.bytes())
                .header("Cache-Control", "private, no-store")
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(file.filename(), StandardCharsets.UTF_8)
                                .build()
                                .toString());
    }

    /** As fast as the client takes them. */
    private Flux<DataBuffer> pieces(FileChannel content) {
        return DataBufferUtils.readByteChannel(() -> content, DefaultDataBufferFactory.sharedInstance, PIECE_BYTES)
                .subscribeOn(workers);
    }

    private Mono<ServerResponse> delete(ServerRequest request) {
        return blocking(() -> {
                    store.delete(owner(request), id(request));
                    return StrictJson.newObject()
                            .put("id", id(request))
                            .put("object", "file")
                            .put("deleted", true);
                })
                .flatMap(JsonAnswer::ok);
    }

    private <T> Mono<T> blocking(Callable<T> question) {
        return Mono.fromCallable(question).subscribeOn(workers);
    }

    private static JobOwner owner(ServerRequest request) {
        return KeyFilter.caller(request).owner();
    }

    private static String id(ServerRequest request) {
        return request.pathVariable("id");
    }
}
