package io.tern.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.Message;
import io.tern.jobs.v1.JobRequest;
import org.junit.jupiter.api.Test;

class UnknownFieldsTest {
    private static final UnknownFieldSet FIELD_99 = UnknownFieldSet.newBuilder()
            .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();

    @Test
    void findsNoneInAKnownMessage() {
        assertThat(UnknownFields.first(request(Message.newBuilder().setContent("hi"))))
                .isEmpty();
    }

    @Test
    void namesOneDeepInside() {
        assertThat(UnknownFields.first(request(Message.newBuilder().setUnknownFields(FIELD_99)))
                        .map(String::valueOf))
                .contains("field 99 of tern.decoding.v1.Message");
    }

    private static JobRequest request(Message.Builder message) {
        return JobRequest.newBuilder()
                .setDecoding(GenerateRequest.newBuilder()
                        .addMessages(Message.getDefaultInstance())
                        .addMessages(message)
                        .putLogitBias(3, 0.5))
                .build();
    }
}
