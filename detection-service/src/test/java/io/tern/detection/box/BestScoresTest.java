package io.tern.detection.box;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BestScoresTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 999, 1000, 5000})
    void keepsWhatASortWouldPutFirst(int capacity) {
        Random random = new Random(capacity);
        float[] scores = new float[1000];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextInt(200) / 200f; // with many ties
        }
        BestScores best = new BestScores(capacity);
        for (int i = 0; i < scores.length; i++) {
            best.offer(scores[i], i);
        }
        int[] expected = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .limit(capacity)
                .mapToInt(i -> i)
                .toArray();
        assertThat(best.indices()).containsExactly(expected);
    }

    @Test
    void leavesOutWhatIsNoScore() {
        BestScores best = new BestScores(5);
        best.offer(Float.NaN, 0);
        best.offer(-0f, 1);
        best.offer(0f, 2);
        assertThat(best.indices()).containsExactly(1, 2);
    }
}
