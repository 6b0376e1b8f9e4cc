package io.tern.detection.family;

import io.tern.detection.image.Placement;
import io.tern.tensor.FloatTensor;
import java.util.HashMap;
import java.util.Map;

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
}
