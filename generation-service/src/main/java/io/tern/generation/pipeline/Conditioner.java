package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.prompt.WeightedPrompt;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.OptionalDouble;

/** Makes of texts what a family of networks is told. Safe for many threads. */
interface Conditioner extends AutoCloseable {
    /** @throws io.tern.base.TernException INVALID_ARGUMENT for what the network cannot be told */
    default void check(Told told) {
        requireNoDifficulty(told);
    }

    /** @throws io.tern.base.TernException INVALID_ARGUMENT */
    static void requireNoDifficulty(Told told) {
        told.difficulty().ifPresent(given -> {
            throw TernException.invalid("difficulty", given, "absent, since this model is not told any");
        });
    }

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
     * @param difficulty as {@link Told#difficulty()}
     */
    record Question(PictureSize size, double guidance, OptionalDouble difficulty) {
        Question(PictureSize size, double guidance) {
            this(size, guidance, OptionalDouble.empty());
        }
    }
}
