package io.tern.wire.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tern.decoding.v1.Token;
import io.tern.decoding.v1.TokenLogprob;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LogprobsJsonTest {
    @Test
    void countsOffsetsInCharactersAlsoBehindAnEmoji() {
        List<Token> tokens = Stream.of("h", "éé", "🙂", " x")
                .map(text -> Token.newBuilder().setText(text).build())
                .toList();
        assertThat(LogprobsJson.completion(tokens, 1, 0).get("text_offset").toString())
                .isEqualTo("[0,1,3,4]");
        assertThat(LogprobsJson.length(tokens)).isEqualTo(6);
    }

    /** Two tokens of halves of characters look alike as text. */
    @Test
    void tellsTheBytesOfTokensThatAreNoText() {
        Token half = Token.newBuilder()
                .setText("\uFFFD")
                .setRaw(bytes(0xf0, 0x9f))
                .setLogprob(-1)
                .addTop(TokenLogprob.newBuilder().setText("\uFFFD").setRaw(bytes(0xf0, 0x9f)))
                .addTop(TokenLogprob.newBuilder().setText("\uFFFD").setRaw(bytes(0x8e)))
                .addTop(TokenLogprob.newBuilder().setText("\uFFFD")) // a token that is this very character
                .build();
        JsonNode chat = LogprobsJson.chat(List.of(half)).at("/content/0");
        assertThat(chat.get("bytes").toString()).isEqualTo("[240,159]");
        assertThat(chat.at("/top_logprobs/1/bytes").toString()).isEqualTo("[142]");
        assertThat(chat.at("/top_logprobs/2/bytes").toString()).isEqualTo("[239,191,189]");
        JsonNode completion = LogprobsJson.completion(List.of(half), 20, 0);
        assertThat(completion.at("/tokens/0").asString()).isEqualTo("bytes:\\xf0\\x9f");
        assertThat(completion.at("/top_logprobs/0").propertyNames())
                .containsExactly("bytes:\\xf0\\x9f", "bytes:\\x8e", "\uFFFD");
    }

    private static ByteString bytes(int... values) {
        ByteString.Output output = ByteString.newOutput();
        for (int value : values) {
            output.write(value);
        }
        return output.toByteString();
    }
}
