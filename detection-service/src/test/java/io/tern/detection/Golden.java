package io.tern.detection;

import com.google.protobuf.ByteString;
import io.tern.catalogue.OnnxGraph;
import io.tern.detection.box.Box;
import io.tern.detection.network.NetworkSignature.Graph;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.imaging.png.PngEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The vectors of models/golden/detection: pictures, and the boxes that ONNX Runtime in Python finds in them. */
public final class Golden {
    public static final List<String> PICTURES = List.of("astronaut", "chelsea", "flower", "grace_hopper");
    public static final Path MODEL = root().resolve("models/detection/nanodet_g_416.onnx");

    private Golden() {}

    /** @param xyxy in pixels of the picture */
    public record Reference(int classId, String className, double score, Box xyxy) {}

    public static Path root() {
        return Path.of(System.getProperty("tern.root"));
    }

    public static Path folder() {
        return root().resolve("models/golden/detection");
    }

    public static byte[] file(String picture) {
        return read(folder().resolve("pictures/" + picture + ".png"));
    }

    /** One of the labelled scenes of emoji. */
    public static byte[] scene(String number) {
        return scene("emoji", number);
    }

    /** @param set {@code emoji}, or {@code things}, of which the detectors have not seen any */
    public static byte[] scene(String set, String number) {
        return read(folder().resolve(set + "/" + number + ".png"));
    }

    /**
     * One of the sprites that the image encoder has not seen, in one of its two frames.
     *
     * @return a PNG of 32 x 32 pixels
     */
    public static ByteString sprite(int index, int frame) {
        RgbImage sheet = ImageDecoder.decode(read(root().resolve("models/golden/embedding/cpc.png")));
        return ByteString.copyFrom(PngEncoder.encode(sheet.crop(32 * index, 32 * frame, 32, 32)));
    }

    public static RgbImage picture(String picture) {
        return ImageDecoder.decode(file(picture));
    }

    /** One picture at the left of another one, their upper edges at one height; black where there is neither. */
    public static RgbImage beside(String left, String right) {
        RgbImage first = picture(left);
        RgbImage second = picture(right);
        int width = first.width() + second.width();
        byte[] rgb = new byte[3 * width * Math.max(first.height(), second.height())];
        copy(first, rgb, width, 0);
        copy(second, rgb, width, first.width());
        return new RgbImage(width, Math.max(first.height(), second.height()), rgb);
    }

    private static void copy(RgbImage picture, byte[] rgb, int width, int left) {
        for (int y = 0; y < picture.height(); y++) {
            System.arraycopy(picture.rgb(), 3 * y * picture.width(), rgb, 3 * (y * width + left), 3 * picture.width());
        }
    }

    public static List<Reference> references(String picture) {
        List<Reference> references = new ArrayList<>();
        for (JsonNode node : json("boxes/" + picture + ".json").at("/models/nanodet_g_416/detections")) {
            JsonNode box = node.get("xyxy");
            references.add(new Reference(
                    node.get("class_id").intValue(),
                    node.get("class").stringValue(),
                    node.get("score").doubleValue(),
                    new Box(
                            box.get(0).doubleValue(),
                            box.get(1).doubleValue(),
                            box.get(2).doubleValue(),
                            box.get(3).doubleValue())));
        }
        return references;
    }

    /** What can be seen inside a model. */
    public static Graph graph(Path model) {
        OnnxGraph graph = OnnxGraph.read(model);
        return new Graph(graph.operators(), graph.parts(), graph.triples(), graph.extents());
    }

    public static JsonNode json(String file) {
        return JsonMapper.shared().readTree(read(folder().resolve(file)));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
