package io.tern.detection.eval;

import io.tern.base.TernException;
import io.tern.detection.box.Box;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A folder of labelled pictures: one JSON file as COCO has it (images, annotations, categories), and the pictures beside
 * it under their {@code file_name}.
 *
 * @param categories names, in the order of their ids
 */
public record CocoFolder(List<LabelledPicture> pictures, List<String> categories) {
    /**
     * @param truths with the index of the category as class id
     */
    public record LabelledPicture(Path file, List<Truth> truths) {}

    public CocoFolder {
        pictures = List.copyOf(pictures);
        categories = List.copyOf(categories);
    }

    /** @throws TernException INVALID_ARGUMENT if it is no such folder */
    public static CocoFolder read(Path folder) {
        Path labels = labels(folder);
        try {
            return parse(folder, JsonMapper.shared().readTree(Files.readAllBytes(labels)));
        } catch (IOException | JacksonException e) {
            throw TernException.invalid("labels", labels.getFileName(), "COCO's JSON that can be read");
        }
    }

    private static Path labels(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(".json")).toList();
            TernException.require(found.size() == 1, "folder", found.size() + " JSON files", "one, with the labels");
            return found.getFirst();
        } catch (IOException e) {
            throw TernException.invalid("folder", folder, "a folder that can be read");
        }
    }

    private static CocoFolder parse(Path folder, JsonNode root) {
        Map<Long, String> names = new TreeMap<>();
        root.required("categories")
                .forEach(one -> names.put(
                        one.required("id").asLong(), one.required("name").asString()));
        List<Long> ids = List.copyOf(names.keySet());
        Map<Long, List<Truth>> truths = new TreeMap<>();
        for (JsonNode one : root.required("annotations")) {
            int classId = ids.indexOf(one.required("category_id").asLong());
            TernException.require(classId >= 0, "category_id", one.get("category_id"), "one of the categories");
            truths.computeIfAbsent(one.required("image_id").asLong(), _ -> new ArrayList<>())
                    .add(truth(one, classId));
        }
        List<LabelledPicture> pictures = new ArrayList<>();
        for (JsonNode image : root.required("images")) {
            Path file = folder.resolve(image.required("file_name").asString()).normalize();
            TernException.require(file.startsWith(folder.normalize()), "file_name", file, "a file in the folder");
            pictures.add(new LabelledPicture(
                    file, truths.getOrDefault(image.required("id").asLong(), List.of())));
        }
        return new CocoFolder(pictures, List.copyOf(names.values()));
    }

    private static Truth truth(JsonNode annotation, int classId) {
        JsonNode xywh = annotation.required("bbox");
        double x = xywh.required(0).asDouble();
        double y = xywh.required(1).asDouble();
        Box box = new Box(
                x, y, x + xywh.required(2).asDouble(), y + xywh.required(3).asDouble());
        JsonNode area = annotation.path("area");
        return new Truth(
                classId,
                box,
                area.isNumber() ? area.asDouble() : box.area(),
                annotation.path("iscrowd").asInt(0) == 1);
    }

    /**
     * The same with a detector's class ids: by name, or in their order where the model does not name its classes.
     *
     * @param labels of the detector
     * @throws TernException INVALID_ARGUMENT for a category that it does not know
     */
    public CocoFolder inClassesOf(List<String> labels) {
        boolean byName = categories.stream().anyMatch(labels::contains);
        List<Integer> classIds = new ArrayList<>();
        for (int i = 0; i < categories.size(); i++) {
            int classId = byName ? labels.indexOf(categories.get(i)) : i;
            TernException.require(
                    0 <= classId && classId < labels.size(),
                    "category",
                    categories.get(i),
                    "a class of the model, which has " + labels.size());
            classIds.add(classId);
        }
        return new CocoFolder(
                pictures.stream()
                        .map(picture -> new LabelledPicture(
                                picture.file,
                                picture.truths.stream()
                                        .map(truth -> new Truth(
                                                classIds.get(truth.classId()),
                                                truth.box(),
                                                truth.area(),
                                                truth.crowd()))
                                        .toList()))
                        .toList(),
                labels);
    }
}
