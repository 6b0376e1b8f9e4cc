package io.tern.wire.vision;

import io.tern.base.TernException;
import io.tern.embedding.v1.FindSimilarRequest;
import io.tern.embedding.v1.FindSimilarResponse;
import io.tern.embedding.v1.SimilarExample;
import io.tern.embedding.v1.SimilarExamples;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/similar}. */
public final class SimilarJson {
    private SimilarJson() {}

    /** @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported */
    public static FindSimilarRequest request(ObjectNode body) {
        Fields fields = Fields.of(body);
        FindSimilarRequest.Builder request = FindSimilarRequest.newBuilder();
        fields.text("model").ifPresent(request::setModel);
        JsonNode pictures =
                fields.node("pictures").orElseThrow(() -> fields.invalid("pictures", PicturesJson.PICTURES));
        request.addAllPictures(PicturesJson.pictures(fields, "pictures", pictures));
        fields.node("examples").ifPresent(examples -> request.addAllExamples(PicturesJson.examples(fields, examples)));
        fields.int32("most").ifPresent(request::setMost);
        fields.number("similarity").ifPresent(request::setSimilarity);
        fields.accept("user");
        fields.refuseUnknown();
        return request.build();
    }

    /** Examples of each picture or box, best first. */
    public static ObjectNode answer(FindSimilarResponse response) {
        ObjectNode node = StrictJson.newObject().put("model", response.getModel());
        ArrayNode data = node.putArray("data");
        for (SimilarExamples one : response.getDataList()) {
            ObjectNode part = data.addObject().put("index", one.getIndex());
            if (one.hasBox()) {
                part.put("box", one.getBox());
            }
            ArrayNode examples = part.putArray("examples");
            for (SimilarExample example : one.getExamplesList()) {
                examples.addObject()
                        .put("index", example.getIndex())
                        .put("name", example.getName())
                        .put("similarity", example.getSimilarity());
            }
        }
        return node;
    }
}
