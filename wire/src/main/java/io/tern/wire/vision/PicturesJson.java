package io.tern.wire.vision;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.embedding.v1.Example;
import io.tern.embedding.v1.Picture;
import io.tern.embedding.v1.Region;
import io.tern.wire.DataUri;
import io.tern.wire.Fields;
import io.tern.wire.Scalars;
import io.tern.wire.StrictJson;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Pictures with boxes, and examples of things: {@code {"image": "data:...", "boxes": [[x1, y1, x2, y2], ...]}}. */
final class PicturesJson {
    static final String PICTURES = "array of {\"image\", \"boxes\": [[x1, y1, x2, y2], ...]}";

    private static final String EXAMPLES = "array of {\"name\", \"image\", \"box\": [x1, y1, x2, y2]}";
    private static final String BOX = "[x1, y1, x2, y2]";

    private PicturesJson() {}

    static List<Picture> pictures(Fields fields, String name, JsonNode node) {
        List<Picture> pictures = new ArrayList<>();
        for (Fields one : objects(fields, name, node, PICTURES)) {
            Picture.Builder picture = Picture.newBuilder().setImage(image(one));
            one.node("boxes").ifPresent(boxes -> {
                if (!boxes.isArray()) {
                    throw one.invalid("boxes", "array of " + BOX);
                }
                boxes.values().forEach(box -> picture.addBoxes(box(one, "boxes", box)));
            });
            one.refuseUnknown();
            pictures.add(picture.build());
        }
        return pictures;
    }

    /** In a form as the text of it. */
    static List<Example> examples(Fields fields, JsonNode node) {
        JsonNode array = StrictJson.value("examples", node);
        List<Example> examples = new ArrayList<>();
        for (Fields one : objects(fields, "examples", array, EXAMPLES)) {
            Example.Builder example = Example.newBuilder()
                    .setName(one.text("name").orElseThrow(() -> one.invalid("name", "a name")))
                    .setImage(image(one));
            one.node("box").ifPresent(box -> example.setBox(box(one, "box", box)));
            one.refuseUnknown();
            examples.add(example.build());
        }
        return examples;
    }

    private static List<Fields> objects(Fields fields, String name, JsonNode array, String expected) {
        if (!array.isArray()) {
            throw fields.invalid(name, expected);
        }
        List<Fields> objects = new ArrayList<>();
        for (JsonNode one : array.values()) {
            if (!(one instanceof ObjectNode object)) {
                throw fields.invalid(name, expected);
            }
            objects.add(Fields.of(fields.path(name) + "[" + objects.size() + "].", object));
        }
        return objects;
    }

    private static ByteString image(Fields fields) {
        return DataUri.picture(fields, "image").orElseThrow(() -> fields.invalid("image", DataUri.EXPECTED));
    }

    private static Region box(Fields fields, String name, JsonNode node) {
        boolean isBox =
                node.isArray() && node.size() == 4 && node.values().stream().allMatch(JsonNode::isNumber);
        if (!isBox) {
            throw TernException.invalid(fields.path(name), Scalars.describe(node), BOX);
        }
        return Region.newBuilder()
                .setX1((float) node.get(0).asDouble())
                .setY1((float) node.get(1).asDouble())
                .setX2((float) node.get(2).asDouble())
                .setY2((float) node.get(3).asDouble())
                .build();
    }
}
