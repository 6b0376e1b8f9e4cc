package io.tern.generation.pipeline;

import static io.tern.base.TernException.require;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.generation.graph.Graphs;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Of a network of terrains, which is told how hard they are to cross: a number where others have a text. */
final class Difficulty implements Conditioner {
    private static final String INPUT = "difficulty";
    static final Set<String> INPUTS = Set.of(INPUT);

    private static final double EASIEST = 1;
    private static final double HARDEST = 100;
    private static final double USUAL = 50;

    private Difficulty() {}

    /** @throws TernException INVALID_ARGUMENT if the network is not told one */
    static Difficulty of(Denoiser denoiser) {
        require(denoiser.takes(INPUT), Graphs.FILE + ": input " + INPUT, "absent", "one number for each row");
        return new Difficulty();
    }

    @Override
    public void check(Told told) {
        Unconditional.requireNoText(told);
        double difficulty = told.difficulty().orElse(USUAL);
        // written so that NaN fails too
        require(EASIEST <= difficulty && difficulty <= HARDEST, "difficulty", difficulty, "1..100");
    }

    @Override
    public Condition condition(List<WeightedPrompt> texts, Question question, Arena arena, Cancellation cancellation) {
        FloatTensor rows = FloatTensor.allocate(arena, Shape.of(texts.size()));
        double difficulty = question.difficulty().orElse(USUAL);
        for (int row = 0; row < texts.size(); row++) {
            rows.set(row, (float) ((difficulty - EASIEST) / (HARDEST - EASIEST)));
        }
        return new Condition(Map.of(INPUT, rows));
    }

    @Override
    public void close() {}
}
