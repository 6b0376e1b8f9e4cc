package io.tern.generation.sampler;

import io.tern.generation.schedule.Stops;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * One line of the table of samplers.
 *
 * @param name ours, in the wire contract
 * @param aliases names of other programs, as {@link Samplers} normalises them
 * @param stops where it stops on its way down
 * @param eta how much of the noise it draws anew if not asked otherwise, 0..1; NaN where there is no such choice
 * @param factory makes it for an η
 */
public record SamplerKind(String name, List<String> aliases, Stops stops, double eta, DoubleFunction<Sampler> factory) {
    public boolean hasEta() {
        return !Double.isNaN(eta);
    }

    boolean isNamed(String normalised) {
        return name.equals(normalised) || aliases.contains(normalised);
    }
}
