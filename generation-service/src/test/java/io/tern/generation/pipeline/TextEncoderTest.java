package io.tern.generation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.Cancellation;
import io.tern.generation.EmojiModel;
import io.tern.generation.prompt.PromptSyntax;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With the shipped encoder, whose tokens 1 and 2 are the two words. */
class TextEncoderTest {
    private static final int WIDTH = 384;

    @Test
    void movesTheVectorsOfAWeightedPartAwayFromTheEmptyText() {
        float[] plain = encode("red apple");
        float[] empty = encode("");
        float[] weighted = encode("(red:1.5) apple");
        for (int i = 0; i < plain.length; i++) {
            boolean isRed = i / WIDTH == 1;
            double expected = isRed ? empty[i] + 1.5 * (plain[i] - empty[i]) : plain[i];
            assertThat((double) weighted[i]).as("element %s", i).isCloseTo(expected, within(isRed ? 1e-5 : 0));
        }
    }

    @Test
    void takesEscapedBracketsForWords() {
        assertThat(encode("red \\(apple\\)")).isNotEqualTo(encode("red apple"));
        assertThat(encode("(red:1) apple")).isEqualTo(encode("red apple"));
    }

    /** Far more words than the encoder takes: what is cut away weighs nothing. */
    @Test
    void cutsALongPromptWithItsWeights() {
        String words = "red ".repeat(40);
        assertThat(encode(words + "(apple:3)")).isEqualTo(encode(words));
    }

    private static float[] encode(String text) {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor states = EmojiModel.PIPELINE
                    .conditioner()
                    .condition(
                            List.of(PromptSyntax.A1111.read("prompt", text)),
                            new Conditioner.Question(EmojiModel.SIZE, 1),
                            arena,
                            Cancellation.none())
                    .inputs()
                    .get(CrossAttention.STATES);
            return states.toArray();
        }
    }
}
