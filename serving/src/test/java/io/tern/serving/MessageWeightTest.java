package io.tern.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.Zone;
import io.tern.inference.v2.InferTensorContents;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferRequest.InferInputTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class MessageWeightTest {
    private static final long NO_BOUND = Long.MAX_VALUE;

    @Test
    void bytesWeighWhatTheyAre() throws IOException {
        DetectRequest picture = DetectRequest.newBuilder()
                .setImage(ByteString.copyFrom(new byte[1_000_000]))
                .build();
        assertThat(weight(picture, NO_BOUND)).isBetween(1_000_000L, 1_001_000L);
        ModelInferRequest raw = ModelInferRequest.newBuilder()
                .addRawInputContents(ByteString.copyFrom(new byte[1_000_000]))
                .build();
        assertThat(weight(raw, NO_BOUND)).isBetween(1_000_000L, 1_001_000L);
    }

    @Test
    void numbersOfOneByteWeighEight() throws IOException {
        InferTensorContents ones = InferTensorContents.newBuilder()
                .addAllInt64Contents(Collections.nCopies(10_000, 1L))
                .build();
        ModelInferRequest request = ModelInferRequest.newBuilder()
                .addInputs(InferInputTensor.newBuilder().setContents(ones))
                .build();
        assertThat(request.getSerializedSize()).isLessThan(10_100);
        assertThat(weight(request, NO_BOUND)).isBetween(80_000L, 81_000L);
        InferTensorContents floats = InferTensorContents.newBuilder()
                .addAllFp32Contents(Collections.nCopies(10_000, 1f))
                .addAllIntContents(Collections.nCopies(10_000, -1)) // ten bytes each
                .build();
        assertThat(weight(floats, NO_BOUND)).isBetween(80_000L, 81_000L);
    }

    @Test
    void emptyMessagesAreObjects() throws IOException {
        DetectRequest zones = DetectRequest.newBuilder()
                .addAllZones(Collections.nCopies(10_000, Zone.getDefaultInstance()))
                .build();
        assertThat(zones.getSerializedSize()).isLessThan(40_000);
        assertThat(weight(zones, NO_BOUND)).isGreaterThan(240_000);
    }

    @Test
    void countingEndsBeyondTheBound() throws IOException {
        DetectRequest zones = DetectRequest.newBuilder()
                .addAllZones(Collections.nCopies(10_000, Zone.getDefaultInstance()))
                .build();
        assertThat(weight(zones, 1000)).isBetween(1000L, 1100L);
    }

    private static long weight(Message message, long most) throws IOException {
        return MessageWeight.of(message.getDescriptorForType(), new ByteArrayInputStream(message.toByteArray()), most);
    }
}
