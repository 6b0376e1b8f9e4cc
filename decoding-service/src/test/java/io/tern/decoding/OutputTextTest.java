package io.tern.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutputTextTest {
    private static final int A = 0;
    private static final int CONTROL = 15;

    @Test
    void hasNoControlTokensButThoseThatAreShown() {
        assertThat(text(Set.of())).isEqualTo("aa");
        assertThat(text(Set.of(CONTROL))).isEqualTo("a<end>a");
    }

    private static String text(Set<Integer> shown) {
        OutputText text = new OutputText(FakeTokenizer.small(), Ending.of(List.of(), false), shown);
        return text.append(A, true) + text.append(CONTROL, true) + text.append(A, true) + text.finish();
    }
}
