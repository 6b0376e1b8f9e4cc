package io.tern.generation.schedule;

import java.util.List;

/**
 * The levels of noise that a sampler walks along: one for each step, from the noisiest, and behind them the level where
 * the last step lands.
 */
public record TimeGrid(List<NoiseLevel> levels) {
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

    public int steps() {
        return levels.size() - 1;
    }

    /** Level before step {@code index} (from 0); {@code level(steps())} is where sampling ends. */
    public NoiseLevel level(int index) {
        return levels.get(index);
    }

    /** The last so many steps, for a sample that is not all noise; {@code 1 <= steps <= steps()}. */
    public TimeGrid last(int steps) {
        return new TimeGrid(levels.subList(steps() - steps, levels.size()));
    }
}
