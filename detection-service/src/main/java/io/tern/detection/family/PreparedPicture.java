package io.tern.detection.family;

import io.tern.detection.image.Placement;
import io.tern.tensor.FloatTensor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A network's inputs for one picture, and the way back from its boxes to the picture.
 *
 * @param inputs by name
 */
public record PreparedPicture(Map<String, FloatTensor> inputs, Placement placement) {
    public PreparedPicture {
        inputs = Map.copyOf(inputs);
    }

    /** With one more input, which is no picture. */
    PreparedPicture and(String name, FloatTensor input) {
        Map<String, FloatTensor> more = new HashMap<>(inputs);
        more.put(name, input);
        return new PreparedPicture(more, placement);
    }

    /** With one more input that depends on where the picture lies; the same for a network that has none: a null name. */
    PreparedPicture and(@Nullable String name, Function<Placement, FloatTensor> input) {
        return name == null ? this : and(name, input.apply(placement));
    }
}
