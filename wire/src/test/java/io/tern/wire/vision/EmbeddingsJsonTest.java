package io.tern.wire.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.embedding.v1.EmbedRequest;
import io.tern.embedding.v1.EmbedResponse;
import io.tern.embedding.v1.Embedding;
import io.tern.embedding.v1.EmbeddingUsage;
import io.tern.embedding.v1.Picture;
import io.tern.embedding.v1.Region;
import io.tern.embedding.v1.TokenIds;
import io.tern.wire.Bodies;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class EmbeddingsJsonTest {
    @Test
    void readsTextsAndTokensInAllFourShapes() {
        assertThat(embed("{'input':'a'}").getInputList()).containsExactly("a");
        assertThat(embed("{'input':['a','b']}").getInputList()).containsExactly("a", "b");
        assertThat(embed("{'input':[1,2]}").getTokenIdsList()).containsExactly(ids(1, 2));
        assertThat(embed("{'input':[[1,2],[3]]}").getTokenIdsList()).containsExactly(ids(1, 2), ids(3));
    }

    @Test
    void readsPicturesAndTheirBoxes() {
        EmbedRequest request = embed("{'input':[{'image':'data:image/png;base64,AAEC'},"
                + "{'image':'data:image/png;base64,Aw==','boxes':[[0,0,2,1]]}]}");
        assertThat(request.getPicturesList())
                .containsExactly(
                        Picture.newBuilder()
                                .setImage(ByteString.copyFrom(new byte[] {0, 1, 2}))
                                .build(),
                        Picture.newBuilder()
                                .setImage(ByteString.copyFrom(new byte[] {3}))
                                .addBoxes(Region.newBuilder().setX2(2).setY2(1))
                                .build());
        assertThat(answer(
                                "float",
                                EmbedResponse.newBuilder()
                                        .addData(Embedding.newBuilder()
                                                .setIndex(1)
                                                .setBox(0))
                                        .build())
                        .at("/data/0/box")
                        .intValue())
                .isZero();
    }

    @Test
    void readsTheOtherFields() {
        var question = EmbeddingsJson.request(
                Bodies.body("{'model':'m','input':'a','dimensions':64,'encoding_format':'base64','user':'u'}"));
        assertThat(question.embed())
                .isEqualTo(EmbedRequest.newBuilder()
                        .setModel("m")
                        .addInput("a")
                        .setDimensions(64)
                        .build());
        assertThat(question.base64()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|input",
                "{'input':1}|input",
                "{'input':[]}|input",
                "{'input':['a',1]}|input",
                "{'input':[[1],'a']}|input",
                "{'input':[1.5]}|input",
                "{'input':[99999999999]}|input",
                "{'input':'a','encoding_format':'int8'}|encoding_format",
                "{'input':['a',{'image':'data:image/png;base64,AA=='}]}|input",
                "{'input':[{'image':'https://a/b.png'}]}|input[0].image",
                "{'input':'a','dimensions':'x'}|dimensions",
                "{'input':'a','task':'x'}|task"
            })
    void refusesByName(String body, String field) {
        assertThatThrownBy(() -> EmbeddingsJson.request(Bodies.body(body)))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void answersNumbersOrBase64OfTheSameBits() {
        EmbedResponse response = EmbedResponse.newBuilder()
                .setModel("m")
                .addData(Embedding.newBuilder().addEmbedding(0.1f).addEmbedding(-1e-7f))
                .addData(Embedding.newBuilder().setIndex(1).addEmbedding(1).addEmbedding(0))
                .setUsage(EmbeddingUsage.newBuilder().setPromptTokens(7))
                .build();
        ObjectNode floats = answer("float", response);
        assertThat(floats.at("/object").asString()).isEqualTo("list");
        assertThat(floats.at("/model").asString()).isEqualTo("m");
        assertThat(floats.at("/usage/prompt_tokens").intValue()).isEqualTo(7);
        assertThat(floats.at("/usage/total_tokens").intValue()).isEqualTo(7);
        assertThat(floats.at("/data/1/index").intValue()).isEqualTo(1);
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder()
                        .decode(answer("base64", response)
                                .at("/data/0/embedding")
                                .asString()))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.remaining()).isEqualTo(8);
        for (int i = 0; i < 2; i++) {
            assertThat(bytes.getFloat())
                    .isEqualTo(
                            Float.parseFloat(floats.at("/data/0/embedding/" + i).toString()));
        }
    }

    private static ObjectNode answer(String format, EmbedResponse response) {
        var question = EmbeddingsJson.request(Bodies.body("{'input':'a','encoding_format':'" + format + "'}"));
        return EmbeddingsJson.answer(question, response);
    }

    private static EmbedRequest embed(String body) {
        return EmbeddingsJson.request(Bodies.body(body)).embed();
    }

    private static TokenIds ids(int... ids) {
        TokenIds.Builder tokens = TokenIds.newBuilder();
        for (int id : ids) {
            tokens.addIds(id);
        }
        return tokens.build();
    }
}
