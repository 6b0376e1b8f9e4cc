package io.tern.wire.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.embedding.v1.Example;
import io.tern.embedding.v1.FindSimilarRequest;
import io.tern.embedding.v1.FindSimilarResponse;
import io.tern.embedding.v1.Picture;
import io.tern.embedding.v1.Region;
import io.tern.embedding.v1.SimilarExample;
import io.tern.embedding.v1.SimilarExamples;
import io.tern.wire.Bodies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarJsonTest {
    private static final Region BOX =
            Region.newBuilder().setX1(1).setY1(2).setX2(3.5f).setY2(4).build();

    @Test
    void readsPicturesWithBoxesAndExamples() {
        FindSimilarRequest request = SimilarJson.request(
                Bodies.body("{'model':'m','pictures':[{'image':'data:image/png;base64,AAEC','boxes':[[1,2,3.5,4]]}],"
                        + "'examples':[{'name':'cat','image':'data:image/png;base64,Aw==','box':[1,2,3.5,4]}],"
                        + "'most':2,'similarity':0.5}"));
        assertThat(request)
                .isEqualTo(FindSimilarRequest.newBuilder()
                        .setModel("m")
                        .addPictures(Picture.newBuilder()
                                .setImage(ByteString.copyFrom(new byte[] {0, 1, 2}))
                                .addBoxes(BOX))
                        .addExamples(Example.newBuilder()
                                .setName("cat")
                                .setImage(ByteString.copyFrom(new byte[] {3}))
                                .setBox(BOX))
                        .setMost(2)
                        .setSimilarity(0.5)
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|pictures",
                "{'pictures':{}}|pictures",
                "{'pictures':[1]}|pictures",
                "{'pictures':[{}]}|pictures[0].image",
                "{'pictures':[{'image':'https://a/b.png'}]}|pictures[0].image",
                "{'pictures':[{'image':'data:image/png;base64,AA==','boxes':1}]}|pictures[0].boxes",
                "{'pictures':[{'image':'data:image/png;base64,AA==','boxes':[[1,2,3]]}]}|pictures[0].boxes",
                "{'pictures':[{'image':'data:image/png;base64,AA==','boxes':[[1,2,3,'4']]}]}|pictures[0].boxes",
                "{'pictures':[{'image':'data:image/png;base64,AA==','name':'x'}]}|pictures[0].name",
                "{'pictures':[],'examples':[{'image':'data:image/png;base64,AA=='}]}|examples[0].name",
                "{'pictures':[],'examples':[{'name':'a','image':'data:image/png;base64,AA==','box':1}]}|examples[0].box",
                "{'pictures':[],'most':1.5}|most",
                "{'pictures':[],'similarity':'x'}|similarity",
                "{'pictures':[],'top_k':1}|top_k"
            })
    void refusesByName(String body, String field) {
        assertThatThrownBy(() -> SimilarJson.request(Bodies.body(body)))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void answersTheExamplesOfEachPart() {
        var answer = SimilarJson.answer(FindSimilarResponse.newBuilder()
                .setModel("m")
                .addData(SimilarExamples.newBuilder().setIndex(0))
                .addData(SimilarExamples.newBuilder()
                        .setIndex(1)
                        .setBox(0)
                        .addExamples(SimilarExample.newBuilder()
                                .setIndex(4)
                                .setName("cat")
                                .setSimilarity(0.75)))
                .build());
        assertThat(answer.toString())
                .isEqualTo("{\"model\":\"m\",\"data\":[{\"index\":0,\"examples\":[]},{\"index\":1,\"box\":0,"
                        + "\"examples\":[{\"index\":4,\"name\":\"cat\",\"similarity\":0.75}]}]}");
    }
}
