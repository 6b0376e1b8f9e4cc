package io.tern.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.embedding.NamedExamples.Example;
import io.tern.embedding.NamedExamples.Match;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamedExamplesTest {
    private static final NamedExamples EXAMPLES = new NamedExamples(List.of(
            new Example("east", new float[] {1, 0}),
            new Example("north", new float[] {0, 1}),
            new Example("north-east", new float[] {0.6f, 0.8f}),
            new Example("east", new float[] {1, 0})));

    @Test
    void theNearestComesFirstAndOfEqualsTheFirst() {
        List<Match> nearest = EXAMPLES.nearest(new float[] {1, 0}, 10, -1);
        assertThat(nearest).extracting(Match::index).containsExactly(0, 3, 2, 1);
        assertThat(nearest).extracting(Match::name).containsExactly("east", "east", "north-east", "north");
        assertThat(nearest.get(2).similarity()).isEqualTo(0.6f);
    }

    @Test
    void tellsNoMoreThanAreWantedAndNoneThatIsLessLike() {
        assertThat(EXAMPLES.nearest(new float[] {1, 0}, 1, -1)).hasSize(1);
        assertThat(EXAMPLES.nearest(new float[] {0, 1}, 10, 0.8f)).hasSize(2);
        assertThat(EXAMPLES.nearest(new float[] {0, 1}, 10, 0.81)).hasSize(1);
        assertThat(EXAMPLES.nearest(new float[] {0, -1}, 10, 0.1)).isEmpty();
        assertThat(new NamedExamples(List.of()).nearest(new float[] {1, 0}, 1, -1))
                .isEmpty();
    }
}
