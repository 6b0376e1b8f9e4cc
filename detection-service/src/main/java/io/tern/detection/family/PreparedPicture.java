package io.tern.detection.family;

import io.tern.detection.image.Letterbox;
import io.tern.tensor.FloatTensor;
import java.util.Map;

/**
 * A network's inputs for one picture, and the way back from its boxes to the picture.
 *
 * @param inputs by name
 */
public record PreparedPicture(Map<String, FloatTensor> inputs, Letterbox letterbox) {
    public PreparedPicture {
        inputs = Map.copyOf(inputs);
    }
}
