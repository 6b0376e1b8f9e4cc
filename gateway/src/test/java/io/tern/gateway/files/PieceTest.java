package io.tern.gateway.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpInputMessage;
import org.springframework.http.codec.multipart.PartEventHttpMessageReader;
import reactor.core.publisher.Flux;

class PieceTest {
    private static final NettyDataBufferFactory NETWORK = new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);
    private static final byte[] FORM =
            ("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n" + "x".repeat(500))
                    .getBytes(StandardCharsets.UTF_8);
    private static final int CUT = 300;

    private final List<DataBuffer> sent = new ArrayList<>();

    private DataBuffer buffer(int from, int to) {
        DataBuffer buffer = NETWORK.allocateBuffer(to - from).write(Arrays.copyOfRange(FORM, from, to));
        sent.add(buffer);
        return buffer;
    }

    /** Comes in two, without its end. */
    private final ReactiveHttpInputMessage form = new ReactiveHttpInputMessage() {
        @Override
        public HttpHeaders getHeaders() {
            HttpHeaders headers = new HttpHeaders();
            headers.setContentType(MediaType.parseMediaType("multipart/form-data; boundary=edge"));
            return headers;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return Flux.defer(() -> Flux.just(buffer(0, CUT), buffer(CUT, FORM.length)));
        }
    };

    @Test
    void whatCameOfAFormThatEndsTooSoonCanBeReadAfterItsEnd() {
        List<Piece> pieces = new ArrayList<>();
        assertThatThrownBy(() -> Piece.of(new PartEventHttpMessageReader(), form)
                        .doOnNext(pieces::add)
                        .blockLast())
                .isInstanceOf(DecodingException.class);
        assertThat(pieces).hasSize(1);
        assertThat(new String(pieces.getFirst().content(), StandardCharsets.UTF_8))
                .matches("x+");
        assertThat(sent).hasSize(2).noneMatch(buffer -> ((NettyDataBuffer) buffer).isAllocated());
    }
}
