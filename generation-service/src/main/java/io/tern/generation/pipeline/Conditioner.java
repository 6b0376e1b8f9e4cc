package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.generation.score.Guidance;
import java.lang.foreign.Arena;
import java.util.List;

/** Makes of texts what a family of networks is told. Safe for many threads. */
interface Conditioner extends AutoCloseable {
    /** @throws io.tern.base.TernException INVALID_ARGUMENT for what the network cannot be told */
    default void check(String prompt, String negativePrompt, Guidance guidance) {}

    /**
     * @param texts one for each row, the unconditional one first if there is one
     * @param question what else a network may be told of
     * @return allocated from the arena
     */
    Condition condition(List<WeightedPrompt> texts, Question question, Arena arena, Cancellation cancellation);

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
