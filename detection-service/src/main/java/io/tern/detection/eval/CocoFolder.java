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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A folder of labelled pictures under their {@code file_name}, and a JSON file as COCO has it (images, annotations,
 * categories) beside them or elsewhere.
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

    /**
     * With the labels in the only JSON file beside the pictures.
     *
     * @throws TernException INVALID_ARGUMENT if it is no such folder
     */
    public static CocoFolder read(Path folder) {
        return read(folder, onlyJson(folder));
    }

    /** @throws TernException INVALID_ARGUMENT if these are no labels, or a picture is missing */
    public static CocoFolder read(Path folder, Path labels) {
        try {
            return parse(folder, JsonMapper.shared().readTree(Files.readAllBytes(labels)));
        } catch (IOException e) {
            throw TernException.invalid("labels", labels, "a file that can be read");
        } catch (JacksonException e) {
            throw TernException.invalid(
                    "labels", labels.getFileName() + ": " + e.getOriginalMessage(), "labels as COCO writes them");
        }
    }

    private static Path onlyJson(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(".json")).toList();
            TernException.require(
                    found.size() == 1,
                    "folder",
                    found.size() + " JSON files",
                    "one with the labels, or a file of labels that is named");
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
        Path whole = folder.toAbsolutePath().normalize();
        List<LabelledPicture> pictures = new ArrayList<>();
        for (JsonNode image : root.required("images")) {
            String name = image.required("file_name").asString();
            Path file = whole.resolve(name).normalize();
            TernException.require(file.startsWith(whole), "file_name", name, "a file in the folder");
            TernException.require(Files.isRegularFile(file), "file_name", name, "a picture in " + folder);
            pictures.add(new LabelledPicture(
                    file, truths.getOrDefault(image.required("id").asLong(), List.of())));
        }
        return new CocoFolder(pictures, List.copyOf(names.values()));
    }

    private static Truth truth(JsonNode annotation, int classId) {
        JsonNode xywh = annotation.required("bbox");
        double x = xywh.required(0).asDouble();
        double y = xywh.required(1).asDouble();
        double width = xywh.required(2).asDouble();
        double height = xywh.required(3).asDouble();
        TernException.require(
                width >= 0 && height >= 0, "bbox", xywh, "x, y, width and height, and neither of these below 0");
        Box box = new Box(x, y, x + width, y + height);
        JsonNode area = annotation.path("area");
        return new Truth(
                classId,
                box,
                area.isNumber() ? area.asDouble() : box.area(),
                annotation.path("iscrowd").asInt(0) == 1);
    }

    /** Categories that are no class of a detector; its objects of these cannot be found. */
    public List<String> unknownTo(List<String> labels) {
        List<Integer> classIds = classIds(labels);
        return IntStream.range(0, categories.size())
                .filter(i -> classIds.get(i) < 0)
                .mapToObj(categories::get)
                .toList();
    }

    /** By name, or in their order where the model does not name its classes; -1: no class of it. */
    private List<Integer> classIds(List<String> labels) {
        boolean byName = categories.stream().anyMatch(labels::contains);
        return IntStream.range(0, categories.size())
                .mapToObj(i -> byName ? labels.indexOf(categories.get(i)) : i < labels.size() ? i : -1)
                .toList();
    }

    /**
     * The same with a detector's class ids, without objects of other categories.
     *
     * @param labels of the detector
     * @throws TernException INVALID_ARGUMENT if it knows none of them
     */
    public CocoFolder inClassesOf(List<String> labels) {
        List<Integer> classIds = classIds(labels);
        TernException.require(
                classIds.stream().anyMatch(id -> id >= 0),
                "categories",
                categories,
                "at least one class of the model, which has " + labels.size());
        return new CocoFolder(
                pictures.stream()
                        .map(picture -> new LabelledPicture(
                                picture.file,
                                picture.truths.stream()
                                        .filter(truth -> classIds.get(truth.classId()) >= 0)
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
