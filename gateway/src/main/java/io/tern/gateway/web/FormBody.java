package io.tern.gateway.web;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.codec.multipart.DefaultPartHttpMessageReader;
import org.springframework.http.codec.multipart.FilePart;
import org.springframework.http.codec.multipart.FormFieldPart;
import org.springframework.http.codec.multipart.Part;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Reads a multipart form up to a limit, in memory: nothing of it touches the disk. */
public final class FormBody {
    public static final int MAX_PARTS = 64;
    public static final int MAX_PART_HEADERS_BYTES = 8 << 10;

    private final DefaultPartHttpMessageReader reader = new DefaultPartHttpMessageReader();
    private final Scheduler workers;

    public FormBody(Scheduler workers) {
        this.workers = workers;
        reader.setMaxParts(MAX_PARTS);
        reader.setMaxHeadersSize(MAX_PART_HEADERS_BYTES);
        reader.setMaxInMemorySize(RequestBody.PICTURE_LIMIT);
    }

    /**
     * Whether the request says that its body is a form, and not JSON.
     *
     * @throws TernException UNSUPPORTED_MEDIA_TYPE if it says something else
     */
    public static boolean isForm(ServerRequest request) {
        RequestBody.requireType(request, MediaType.APPLICATION_JSON, MediaType.MULTIPART_FORM_DATA);
        return request.headers()
                .contentType()
                .filter(MediaType.MULTIPART_FORM_DATA::isCompatibleWith)
                .isPresent();
    }

    /**
     * A form that was read.
     *
     * @param fields a field sent several times is one value, separated by commas
     * @param files by field, in their order
     */
    public record Form(Map<String, String> fields, Map<String, List<ByteString>> files) {
        /** The files of one field, perhaps none. */
        public List<ByteString> files(String field) {
            return files.getOrDefault(field, List.of());
        }
    }

    /**
     * Errors: INVALID_ARGUMENT, PAYLOAD_TOO_LARGE, OVERLOADED; what follows runs on a virtual thread.
     *
     * @param fileFields the fields that hold files
     */
    public Mono<Form> read(ServerRequest request, Set<String> fileFields, int limit) {
        return Mono.defer(() -> {
            requireBoundary(request);
            return whole(request, fileFields, limit);
        });
    }

    private Mono<Form> whole(ServerRequest request, Set<String> fileFields, int limit) {
        // Whole before it is parsed: the parser tells an error within the body to each part, and logs all but one as
        // lost.
        return DataBufferUtils.join(RequestBody.limited(request.exchange(), limit))
                .flatMapMany(body -> reader.read(ResolvableType.forClass(Part.class), with(request, body), Map.of()))
                .concatMap(part -> content(part, fileFields))
                .collectList()
                .publishOn(workers)
                .map(FormBody::form);
    }

    /** Without one the reader gives up before it takes the body, and nobody would release that. */
    public static void requireBoundary(ServerRequest request) {
        String boundary = request.headers()
                .contentType()
                .map(type -> type.getParameter("boundary"))
                .orElse(null);
        if (boundary == null) {
            throw TernException.invalid("content-type", "no boundary", "multipart/form-data with one");
        }
    }

    private static ServerHttpRequest with(ServerRequest request, DataBuffer body) {
        return new ServerHttpRequestDecorator(request.exchange().getRequest()) {
            @Override
            public Flux<DataBuffer> getBody() {
                return Flux.just(body);
            }
        };
    }

    private record Content(String name, String text, ByteString bytes, boolean file) {}

    private static Mono<Content> content(Part part, Set<String> fileFields) {
        String name = part.headers().getContentDisposition().getName();
        if (name == null || name.isEmpty()) {
            return part.delete()
                    .then(Mono.error(TernException.invalid("body", "a part without a name", "a name for each")));
        }
        if (part instanceof FormFieldPart field) {
            return fileFields.contains(name)
                    ? Mono.error(TernException.invalid(name, "text", "a file"))
                    : Mono.just(new Content(name, field.value(), ByteString.EMPTY, false));
        }
        if (!fileFields.contains(name) || !(part instanceof FilePart)) {
            return part.delete()
                    .then(Mono.error(TernException.invalid(
                            "body",
                            "a file elsewhere",
                            "files in field " + String.join(" or ", new TreeSet<>(fileFields)))));
        }
        return DataBufferUtils.join(part.content())
                .map(buffer -> UnsafeByteOperations.unsafeWrap(RequestBody.bytes(buffer))) // nobody else has the array
                .defaultIfEmpty(ByteString.EMPTY)
                .map(bytes -> new Content(name, "", bytes, true));
    }

    private static Form form(List<Content> contents) {
        Map<String, String> fields = new LinkedHashMap<>();
        Map<String, List<ByteString>> files = new LinkedHashMap<>();
        for (Content content : contents) {
            if (content.file()) {
                files.computeIfAbsent(content.name(), _ -> new ArrayList<>()).add(content.bytes());
            } else {
                fields.merge(content.name(), content.text(), (first, next) -> first + "," + next);
            }
        }
        return new Form(fields, files);
    }
}
