package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import java.lang.foreign.Arena;
import java.util.List;

/** Makes of texts what a family of networks is told. Safe for many threads. */
interface Conditioner extends AutoCloseable {
    /**
     * @param texts one for each row, the unconditional one first if there is one
     * @param question what else a network may be told of
     * @return allocated from the arena
     */
    Condition condition(List<String> texts, Question question, Arena arena, Cancellation cancellation);

    /** Whether guidance is told to the network itself, and takes no second row. */
    default boolean tellsGuidance() {
        return false;
    }

    @Override
    void close();

    /**
     * @param size of the picture
     * @param guidance weight
     */
    record Question(PictureSize size, double guidance) {}
}
