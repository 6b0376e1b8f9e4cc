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
import org.jspecify.annotations.Nullable;

/**
 * What can be known about a model whose family is sought: what its file says, and what it answers to a flat grey picture.
 * Exporters often leave shapes open or name them wrongly, so the answer's shapes are those to trust. Used by one thread.
 */
final class Evidence {
    private static final float GREY = 114;

    private final Network network;
    private final NetworkSignature signature;
    private final @Nullable Port picture;
    private @Nullable Asked asked;

    /** What a network says to grey of a size. */
    private record Asked(InputSize size, Map<String, Answer> answers) {}

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
        List<Port> others = othersThanAPicture();
        return others.size() == 1 ? Optional.of(others.getFirst()) : Optional.empty();
    }

    /** Its inputs but the picture; none if it takes no picture. */
    List<Port> othersThanAPicture() {
        return picture == null
                ? List.of()
                : signature.inputs().stream().filter(port -> port != picture).toList();
    }

    Layout layout() {
        return layout(picture()).orElseThrow();
    }

    /** Whether height and width of the input are its file's. */
    boolean hasFixedSize() {
        return dimension(Axis.HEIGHT) > 0 && dimension(Axis.WIDTH) > 0;
    }

    /** Of the input, in pixels: its file's or, where that leaves it open, the likeliest with which the network runs. */
    int height() {
        return hasFixedSize() ? dimension(Axis.HEIGHT) : asked().size().height();
    }

    int width() {
        return hasFixedSize() ? dimension(Axis.WIDTH) : asked().size().width();
    }

    /**
     * What the metadata say goes first. An input of bytes takes the picture's own, whatever its kind does with floats: the
     * graph scales them itself.
     */
    PictureInput pictureInput(Fit fit, Resampler resampler, float padding, Normalization normalization) {
        Normalization scaled =
                picture().isFloat() ? normalization : Normalization.NONE.withOrder(normalization.order());
        DeclaredInput declared = new DeclaredInput(signature.metadata());
        return new PictureInput(
                picture().name(),
                layout(),
                declared.fit(fit, this),
                resampler,
                padding,
                declared.normalization(scaled));
    }

    /** What the network says to grey. */
    Answer answer(Port output) {
        Map<String, Answer> answers = asked().answers();
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

    private Asked asked() {
        if (asked == null) {
            asked = ask();
        }
        return asked;
    }

    private Asked ask() {
        List<String> failures = new ArrayList<>();
        for (InputSize size : InputSize.candidates(signature, dimension(Axis.WIDTH), dimension(Axis.HEIGHT))) {
            try {
                return new Asked(size, ask(size));
            } catch (TernException e) {
                failures.add("of " + size.width() + " x " + size.height() + ": " + e.getMessage());
            }
        }
        throw TernException.invalid(
                "model",
                signature.describe(),
                "a detector; this fails on a grey picture " + failures.getFirst()
                        + (failures.size() == 1 ? "" : "; and of " + (failures.size() - 1) + " other sizes"));
    }

    private Map<String, Answer> ask(InputSize size) {
        try (Arena call = Arena.ofConfined()) {
            Map<String, FloatTensor> inputs = new HashMap<>();
            for (Port input : signature.inputs()) {
                inputs.put(input.name(), input == picture ? grey(input, size, call) : beside(input, size, call));
            }
            List<String> names = outputs().stream().map(Port::name).toList();
            Map<String, Answer> found = new HashMap<>();
            network.run(inputs, names, call, Cancellation.none())
                    .forEach((name, output) -> found.put(name, new Answer(output.shape(), output.toArray())));
            return found;
        }
    }

    private FloatTensor grey(Port input, InputSize size, Arena arena) {
        FloatTensor planes = FloatTensor.allocate(arena, layout().shape(size.height(), size.width()));
        float value = input.isFloat() ? GREY / 255 : GREY;
        for (long i = 0; i < planes.size(); i++) {
            planes.set(i, value);
        }
        return planes;
    }

    /** A mask of ones, how much the picture was scaled, or its size. */
    private FloatTensor beside(Port input, InputSize size, Arena arena) {
        if (input.rank() == 3) {
            return ones(arena, size.height(), size.width());
        }
        return PaddleDetection.isScale(input) ? size(arena, 1, 1) : size(arena, size.width(), size.height());
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
