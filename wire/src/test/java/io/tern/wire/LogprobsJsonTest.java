package io.tern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.v1.Token;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogprobsJsonTest {
    @Test
    void countsOffsetsInCharactersAlsoBehindAnEmoji() {
        List<Token> tokens = Stream.of("h", "éé", "🙂", " x")
                .map(text -> Token.newBuilder().setText(text).build())
                .toList();
        assertThat(LogprobsJson.completion(tokens, 0).get("text_offset").toString())
                .isEqualTo("[0,1,3,4]");
        assertThat(LogprobsJson.length(tokens)).isEqualTo(6);
    }
}
