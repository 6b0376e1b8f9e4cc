package io.tern.detection.family;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.detection.family.PictureInput.Layout;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Resampler;
import io.tern.detection.network.Network;
import io.tern.detection.network.NetworkSignature;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What can be known about a model whose family is sought: what its file says, and what it answers to a flat grey picture.
 * Exporters often leave shapes open or name them wrongly, so the answer's shapes are those to trust. Used by one thread.
 */
final class Evidence {
    /** Side of the input, in pixels, where the model takes any. */
    private static final int USUAL_SIDE = 640;

    private static final float GREY = 114;
    private static final Pattern NUMBERS = Pattern.compile("\\[?\\s*(\\d{2,4})\\s*(?:,\\s*(\\d{2,4})\\s*)?]?");

    private final Network network;
    private final NetworkSignature signature;
    private final @Nullable Port picture;
    private @Nullable Map<String, Answer> answers;

    /** Values of an output. */
    record Answer(Shape shape, float[] values) {}

    Evidence(Network network, NetworkSignature signature) {
        this.network = network;
        this.signature = signature;
        this.picture = signature.inputs().stream()
                .filter(port -> layout(port).isPresent())
                .findFirst()
                .orElse(null);
    }

    NetworkSignature signature() {
        return signature;
    }

    List<Port> outputs() {
        return signature.outputs();
    }

    Optional<String> metadata(String key) {
        return Optional.ofNullable(signature.metadata().get(key));
    }

    /** Whether it takes a picture and nothing else. */
    boolean takesOnlyAPicture() {
        return picture != null && signature.inputs().size() == 1 && !outputs().isEmpty();
    }

    /** Whether its inputs are a picture and one other. */
    Optional<Port> besidesAPicture() {
        if (picture == null || signature.inputs().size() != 2) {
            return Optional.empty();
        }
        return signature.inputs().stream().filter(port -> port != picture).findFirst();
    }

    Layout layout() {
        return layout(picture()).orElseThrow();
    }

    /** Whether height and width of the input are its file's. */
    boolean hasFixedSize() {
        return dimension(Axis.HEIGHT) > 0 && dimension(Axis.WIDTH) > 0;
    }

    /** Of the input, in pixels: its file's, or what its metadata advise, or the usual one. */
    int height() {
        int height = dimension(Axis.HEIGHT);
        return height > 0 ? height : adviced(1);
    }

    int width() {
        int width = dimension(Axis.WIDTH);
        return width > 0 ? width : adviced(2);
    }

    PictureInput pictureInput(Fit fit, Resampler resampler, float padding, Normalization normalization) {
        return new PictureInput(picture().name(), layout(), fit, resampler, padding, normalization);
    }

    /** What the network says to grey. */
    Answer answer(Port output) {
        if (answers == null) {
            answers = ask();
        }
        Answer answer = answers.get(output.name());
        if (answer == null) {
            throw new IllegalStateException(
                    "output: " + output.name() + " (expected: one of " + answers.keySet() + ")");
        }
        return answer;
    }

    /** The output's shape for one picture as its file says or, where that leaves more open than the batch, as it is. */
    Shape shape(Port output) {
        long[] dimensions = output.shape().toArray();
        if (dimensions.length > 2 && dimensions[0] == -1) {
            dimensions[0] = 1;
        }
        Shape shape = Shape.of(dimensions);
        return shape.toList().contains(-1L) ? answer(output).shape() : shape;
    }

    private Map<String, Answer> ask() {
        try (Arena call = Arena.ofConfined()) {
            Map<String, FloatTensor> inputs = new HashMap<>();
            for (Port input : signature.inputs()) {
                inputs.put(input.name(), input == picture ? grey(input, call) : beside(input, call));
            }
            List<String> names = outputs().stream().map(Port::name).toList();
            Map<String, Answer> found = new HashMap<>();
            network.run(inputs, names, call, Cancellation.none())
                    .forEach((name, output) -> found.put(name, new Answer(output.shape(), output.toArray())));
            return found;
        } catch (TernException e) {
            throw TernException.invalid(
                    "model", signature.describe(), "a detector; this fails on a grey picture: " + e.getMessage());
        }
    }

    private FloatTensor grey(Port input, Arena arena) {
        FloatTensor planes = FloatTensor.allocate(arena, layout().shape(height(), width()));
        float value = input.isFloat() ? GREY / 255 : GREY;
        for (long i = 0; i < planes.size(); i++) {
            planes.set(i, value);
        }
        return planes;
    }

    /** A mask of ones, or the size of the picture. */
    private FloatTensor beside(Port input, Arena arena) {
        if (input.rank() == 3) {
            return ones(arena, height(), width());
        }
        return size(arena, width(), height());
    }

    static FloatTensor ones(Arena arena, int height, int width) {
        FloatTensor mask = FloatTensor.allocate(arena, Shape.of(1, height, width));
        for (long i = 0; i < mask.size(); i++) {
            mask.set(i, 1);
        }
        return mask;
    }

    static FloatTensor size(Arena arena, int first, int second) {
        return FloatTensor.copyOf(arena, Shape.of(1, 2), new float[] {first, second});
    }

    private Port picture() {
        if (picture == null) {
            throw new IllegalStateException("picture: none (expected: an input for one)");
        }
        return picture;
    }

    private enum Axis {
        HEIGHT,
        WIDTH
    }

    private int dimension(Axis axis) {
        Shape shape = picture().shape();
        int height = layout().hasPlanes() ? shape.rank() - 2 : shape.rank() - 3;
        return (int) shape.dimension(axis == Axis.HEIGHT ? height : height + 1);
    }

    /** {@code imgsz} is one side or {@code [height, width]}. */
    private int adviced(int group) {
        Matcher sizes = NUMBERS.matcher(metadata("imgsz").orElse(""));
        if (!sizes.matches()) {
            return USUAL_SIDE;
        }
        return Integer.parseInt(sizes.group(group == 2 && sizes.group(2) != null ? 2 : 1));
    }

    /** Empty for what is no picture. */
    private static Optional<Layout> layout(Port port) {
        if (!port.isFloat() && !port.type().equals("UINT8")) {
            return Optional.empty();
        }
        List<Long> shape = new ArrayList<>(port.shape().toList());
        boolean batched = shape.size() == 4;
        if (batched && shape.removeFirst() > 1 || shape.size() != 3) {
            return Optional.empty();
        }
        if (shape.get(0) == 3) {
            return Optional.of(batched ? Layout.NCHW : Layout.CHW);
        }
        if (shape.get(2) == 3) {
            return Optional.of(batched ? Layout.NHWC : Layout.HWC);
        }
        // Channels left open are planes, as from every exporter that leaves all axes open.
        return shape.get(0) == -1 ? Optional.of(batched ? Layout.NCHW : Layout.CHW) : Optional.empty();
    }
}
