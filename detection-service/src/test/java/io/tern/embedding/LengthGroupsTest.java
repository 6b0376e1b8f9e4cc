package io.tern.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LengthGroupsTest {
    @Test
    void putsTextsOfOneLengthTogetherAsFarAsTheyFit() {
        List<int[]> texts = List.of(new int[4], new int[3], new int[4], new int[9], new int[4], new int[3]);
        assertThat(LengthGroups.of(texts, 8)).containsExactly(List.of(1, 5), List.of(0, 2), List.of(4), List.of(3));
    }
}
