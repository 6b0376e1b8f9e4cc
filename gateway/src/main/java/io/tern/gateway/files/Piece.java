package io.tern.gateway.files;

import java.util.Map;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.ReactiveHttpInputMessage;
import org.springframework.http.codec.multipart.PartEvent;
import org.springframework.http.codec.multipart.PartEventHttpMessageReader;
import reactor.core.publisher.Flux;

/**
 * Of a form: a field, or as much of a file as came at once. Its bytes are copied out of the network's buffer as it comes,
 * since Reactor's concatMap, when a form ends too soon, discards an event that it has given out already.
 *
 * @param event whose own content is released
 */
record Piece(PartEvent event, byte[] content) {
    static Flux<Piece> of(PartEventHttpMessageReader reader, ReactiveHttpInputMessage form) {
        return reader.read(ResolvableType.forClass(PartEvent.class), form, Map.of())
                .map(Piece::of)
                .doOnDiscard(PartEvent.class, event -> DataBufferUtils.release(event.content()));
    }

    private static Piece of(PartEvent event) {
        DataBuffer buffer = event.content();
        try {
            byte[] content = new byte[buffer.readableByteCount()];
            buffer.read(content);
            return new Piece(event, content);
        } finally {
            DataBufferUtils.release(buffer);
        }
    }
}
