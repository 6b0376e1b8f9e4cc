package io.tern.generation.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptSyntaxTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "normal text | normal text*1.00",
                "an (important) word | an *1.00;important*1.10; word*1.00",
                "((a)) b | a*1.21; b*1.00",
                "(a:1.3) | a*1.30",
                "(a: .5 )b | a*0.50;b*1.00",
                "[a] | a*0.91",
                "[(a:2)] | a*1.82",
                "(a (b:1.5) c:2) | a *2.00;b*3.00; c*2.00",
                "(unbalanced | unbalanced*1.10",
                "a [b (c | a *1.00;b *0.91;c*1.00",
                "a) ] | a) ]*1.00",
                "\\(literal\\] | (literal]*1.00",
                "a\\\\b \\n | a\\b \\n*1.00",
                "a:1.5) | a:1.5)*1.00",
                "(a:b:1.5) | a:b*1.50",
                "(a:1.5.2) | a:1.5.2*1.10",
                "(a:-1) | a*-1.00",
                "() | \"\"",
                "(a)(b) | ab*1.10",
            })
    void readsTheNotation(String text, String expected) {
        String found = PromptSyntax.A1111.read("prompt", text).parts().stream()
                .map(part -> String.format(Locale.ROOT, "%s*%.2f", part.text(), part.weight()))
                .collect(Collectors.joining(";"));
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void takesAPlainPromptAsItIs() {
        WeightedPrompt prompt = PromptSyntax.named("none").read("prompt", "(a:3) \\(b");
        assertThat(prompt).isEqualTo(WeightedPrompt.plain("(a:3) \\(b"));
        assertThatThrownBy(() -> PromptSyntax.named("compel"))
                .hasMessage("prompt_weighting: compel (expected: none, a1111)");
    }

    @Test
    void knowsWhetherAnythingIsWeighed() {
        assertThat(PromptSyntax.A1111.read("prompt", "a \\(b\\)").isPlain()).isTrue();
        assertThat(PromptSyntax.A1111.read("prompt", "").isPlain()).isTrue();
        assertThat(PromptSyntax.A1111.read("prompt", "(a:1)").isPlain()).isTrue();
        assertThat(PromptSyntax.A1111.read("prompt", "(a)").isPlain()).isFalse();
    }

    @Test
    void refusesWeightsOutOfAllReason() {
        for (String text :
                new String[] {"(a:11)", "(a:-10.5)", "(".repeat(2000) + "a", "(a:1" + "0".repeat(400) + ")"}) {
            assertThatThrownBy(() -> PromptSyntax.A1111.read("negative_prompt", text))
                    .isInstanceOfSatisfying(
                            TernException.class,
                            error -> assertThat(error.field()).isEqualTo("negative_prompt"))
                    .hasMessageContaining("(expected: brackets that make -10.0..10.0)");
        }
    }
}
