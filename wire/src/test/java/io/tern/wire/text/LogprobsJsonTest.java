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
        assertThat(offsets(tokens, 0)).isEqualTo("[0,1,3,4]");
    }

    /** As the ids of {@code "hi 😀 你"} are cut: each has the place of the character that it is of. */
    @Test
    void aCharacterOfSeveralTokensIsCountedOnce() {
        List<Token> tokens = List.of(
                Token.newBuilder().setText("hi").build(),
                part(" \uFFFD", ' ', 0xf0, 0x9f, 0x98),
                part("\uFFFD", 0x80),
                Token.newBuilder().setText(" ").build(),
                part("\uFFFD", 0xe4, 0xbd),
                part("\uFFFD", 0xa0),
                Token.newBuilder().setText("!").build());
        assertThat(offsets(tokens, 0)).isEqualTo("[0,2,3,4,5,5,6]");
        // The answer's text begins anew, so what the prompt left open is a U+FFFD of its own, and so is the rest of it.
        assertThat(offsets(tokens, 5)).isEqualTo("[0,2,3,4,5,6,7]");
    }

    private static String offsets(List<Token> tokens, int promptTokens) {
        return LogprobsJson.completion(tokens, 1, TokenNames.BY_TEXT, new TextPlaces(promptTokens))
                .get("text_offset")
                .toString();
    }

    private static Token part(String text, int... bytes) {
        return Token.newBuilder().setText(text).setRaw(bytes(bytes)).build();
    }

    /** All tokens of a model without a tokenizer have the same text, which is none. */
    @Test
    void aTokenIsToldByItsIdWhereThatIsAskedForOrItHasNoText() {
        Token silent = Token.newBuilder()
                .setId(7)
                .setLogprob(-1)
                .addTop(TokenLogprob.newBuilder().setId(8).setLogprob(-0.5))
                .addTop(TokenLogprob.newBuilder().setId(7).setLogprob(-1))
                .build();
        for (TokenNames names : TokenNames.values()) {
            JsonNode completion = LogprobsJson.completion(List.of(silent), 20, names, new TextPlaces(0));
            assertThat(completion.at("/tokens").toString()).isEqualTo("[\"token_id:7\"]");
            assertThat(completion.at("/top_logprobs/0").toString())
                    .isEqualTo("{\"token_id:8\":-0.5,\"token_id:7\":-1.0}");
            JsonNode chat = LogprobsJson.chat(List.of(silent), names).at("/content/0");
            assertThat(chat.at("/top_logprobs/0/token").asString()).isEqualTo("token_id:8");
            assertThat(chat.at("/top_logprobs/0/bytes").isEmpty()).isTrue();
        }
        Token word = Token.newBuilder().setId(3).setText("é").setLogprob(-1).build();
        JsonNode asked = LogprobsJson.chat(List.of(word), TokenNames.BY_ID).at("/content/0");
        assertThat(asked.get("token").asString()).isEqualTo("token_id:3");
        assertThat(asked.get("bytes").toString()).isEqualTo("[195,169]");
        assertThat(LogprobsJson.chat(List.of(word), TokenNames.BY_TEXT)
                        .at("/content/0/token")
                        .asString())
                .isEqualTo("é");
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
        JsonNode chat = LogprobsJson.chat(List.of(half), TokenNames.BY_TEXT).at("/content/0");
        assertThat(chat.get("bytes").toString()).isEqualTo("[240,159]");
        assertThat(chat.at("/top_logprobs/1/bytes").toString()).isEqualTo("[142]");
        assertThat(chat.at("/top_logprobs/2/bytes").toString()).isEqualTo("[239,191,189]");
        JsonNode completion = LogprobsJson.completion(List.of(half), 20, TokenNames.BY_TEXT, new TextPlaces(0));
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
