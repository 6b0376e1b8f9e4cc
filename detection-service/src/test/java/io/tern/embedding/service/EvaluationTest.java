package io.tern.embedding.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.embedding.contrastive.Pairs;
import io.tern.embedding.v1.EvaluateRequest;
import io.tern.embedding.v1.EvaluateResponse;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final EvaluateRequest RIGHT = EvaluateRequest.newBuilder()
            .addLeft("a")
            .addLeft("b")
            .addRight("A")
            .addRight("B")
            .build();

    @Test
    void refusesEveryFieldThatIsWrongByItsName() {
        assertRefused(EvaluateRequest.getDefaultInstance(), "left");
        assertRefused(RIGHT.toBuilder().addLeft("c").build(), "right");
        assertRefused(RIGHT.toBuilder().addLeftImages(ByteString.EMPTY).build(), "left");
        EvaluateRequest.Builder pictures = EvaluateRequest.newBuilder().addRightImages(ByteString.EMPTY);
        assertRefused(pictures.build(), "left_images");
        assertRefused(
                pictures.addLeftImages(ByteString.EMPTY)
                        .addLeftImages(ByteString.EMPTY)
                        .build(),
                "right_images");
        assertRefused(
                RIGHT.toBuilder()
                        .addAllLeft(Collections.nCopies(1023, "x"))
                        .addAllRight(Collections.nCopies(1023, "x"))
                        .build(),
                "left");
        for (double wrong : new double[] {0, -1, Double.NaN, 101}) {
            assertRefused(RIGHT.toBuilder().setTemperature(wrong).build(), "temperature");
        }
        for (int wrong : new int[] {0, -1, 3}) {
            assertRefused(RIGHT.toBuilder().addBatchSizes(wrong).build(), "batch_sizes");
        }
        assertRefused(
                RIGHT.toBuilder().addAllBatchSizes(Collections.nCopies(33, 1)).build(), "batch_sizes");
    }

    @Test
    void measuresInTheSizesThatAreAskedFor() {
        Pairs same = new Pairs(
                List.of(new float[] {1, 0}, new float[] {0, 1}), List.of(new float[] {1, 0}, new float[] {0, 1}));
        EvaluateResponse response = Evaluation.of(
                        RIGHT.toBuilder().addBatchSizes(1).addBatchSizes(2).build())
                .response("m", same);
        assertThat(response.getModel()).isEqualTo("m");
        assertThat(response.getAlignment()).isZero();
        assertThat(response.getScores(0).getMutualInformationBound()).isZero();
        assertThat(response.getScores(1).getMutualInformationBound())
                .isGreaterThan(0.69)
                .isLessThanOrEqualTo(Math.log(2));
        assertThat(Evaluation.of(RIGHT).batchSizes()).containsExactly(2);
    }

    @Test
    void eachKindHasTheTemperatureOfItsEncodersTraining() {
        EvaluateRequest pictures = EvaluateRequest.newBuilder()
                .addLeftImages(ByteString.EMPTY)
                .addRightImages(ByteString.EMPTY)
                .build();
        assertThat(Evaluation.of(pictures).ofPictures()).isTrue();
        assertThat(Evaluation.of(pictures).temperature()).isEqualTo(0.1);
        assertThat(Evaluation.of(RIGHT).ofPictures()).isFalse();
        assertThat(Evaluation.of(RIGHT).temperature()).isEqualTo(0.05);
    }

    private static void assertRefused(EvaluateRequest request, String field) {
        assertThatThrownBy(() -> Evaluation.of(request))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo(field));
    }
}
