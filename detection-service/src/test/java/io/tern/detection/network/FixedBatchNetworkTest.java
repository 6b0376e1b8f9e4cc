package io.tern.detection.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FixedBatchNetworkTest {
    private static final NetworkSignature FOUR = new NetworkSignature(
            List.of(new Port("images", "FLOAT32", Shape.of(4, 3, 2, 2))),
            List.of(new Port("boxes", "FLOAT32", Shape.of(4, 5)), new Port("count", "INT64", Shape.of(1))),
            Map.of());

    @Test
    void looksLikeANetworkOfOnePicture() {
        assertThat(FixedBatchNetwork.rows(FOUR)).isEqualTo(4);
        assertThat(FixedBatchNetwork.ofOneRow(FOUR, 4).describe())
                .isEqualTo("inputs: images FLOAT32 [1, 3, 2, 2]; outputs: boxes FLOAT32 [1, 5], count INT64 [1]");
    }

    @Test
    void allRowsAreThePictureAndTheFirstIsTheAnswer() {
        Network network = (inputs, outputs, arena, cancellation) -> {
            FloatTensor all = inputs.get("images");
            assertThat(all.shape()).isEqualTo(Shape.of(4, 2));
            assertThat(all.toArray()).containsExactly(1, 2, 1, 2, 1, 2, 1, 2);
            return Map.of("boxes", FloatTensor.copyOf(arena, Shape.of(4, 1), new float[] {7, 8, 9, 10}));
        };
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor one = FloatTensor.copyOf(arena, Shape.of(1, 2), new float[] {1, 2});
            FloatTensor answer = new FixedBatchNetwork(network, 4)
                    .run(Map.of("images", one), List.of("boxes"), arena, Cancellation.none())
                    .get("boxes");
            assertThat(answer.shape()).isEqualTo(Shape.of(1, 1));
            assertThat(answer.toArray()).containsExactly(7);
        }
    }
}
