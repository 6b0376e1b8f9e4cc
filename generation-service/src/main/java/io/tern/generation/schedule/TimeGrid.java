package io.tern.generation.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * The levels of noise that a sampler walks along: one for each step, from the noisiest, and behind them the level where
 * the last step lands.
 *
 * @param path where levels between them are found
 */
public record TimeGrid(List<NoiseLevel> levels, NoisePath path) {
    public TimeGrid {
        levels = List.copyOf(levels);
        if (levels.size() < 2) {
            throw new IllegalArgumentException("levels: " + levels.size() + " (expected: 2 or more)");
        }
        for (int i = 1; i < levels.size(); i++) {
            if (levels.get(i).sigma() > levels.get(i - 1).sigma()) {
                throw new IllegalArgumentException("level " + i + ": " + levels.get(i)
                        + " (expected: no more noise than " + levels.get(i - 1) + ")");
            }
        }
    }

    /** Spread by σ instead of by training step. */
    static TimeGrid of(SigmaSchedule schedule, int steps, Stops stops, NoisePath path) {
        boolean toLeast = stops == Stops.INTERVALS_TO_LEAST;
        List<NoiseLevel> levels = new ArrayList<>();
        for (double sigma : schedule.sigmas(toLeast ? steps + 1 : steps, path)) {
            levels.add(path.atSigma(sigma));
        }
        if (!toLeast) {
            levels.add(NoiseLevel.CLEAN);
        }
        return new TimeGrid(levels, path);
    }

    public int steps() {
        return levels.size() - 1;
    }

    /** Level before step {@code index} (from 0); {@code level(steps())} is where sampling ends. */
    public NoiseLevel level(int index) {
        return levels.get(index);
    }

    /** The last so many steps, for a sample that is not all noise; {@code 1 <= steps <= steps()}. */
    public TimeGrid last(int steps) {
        return new TimeGrid(levels.subList(steps() - steps, levels.size()), path);
    }
}
