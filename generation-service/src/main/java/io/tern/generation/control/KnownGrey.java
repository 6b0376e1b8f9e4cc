package io.tern.generation.control;

import io.tern.tensor.FloatTensor;

/**
 * Colourisation: the mean over the channels is known, in each place. Song et al. 2021, appendix I.3, where an orthogonal
 * matrix puts the grey into a channel of its own; replacing that channel is shifting all three alike.
 */
public final class KnownGrey implements KnownPart {
    /** Samples are [1, channels, height, width]. */
    @Override
    public void replace(FloatTensor x, FloatTensor known) {
        long channels = x.shape().dimension(1);
        long plane = x.size() / channels;
        for (long place = 0; place < plane; place++) {
            double shift = 0;
            for (long c = 0; c < channels; c++) {
                shift += known.get(c * plane + place) - x.get(c * plane + place);
            }
            for (long c = 0; c < channels; c++) {
                x.set(c * plane + place, (float) (x.get(c * plane + place) + shift / channels));
            }
        }
    }
}
