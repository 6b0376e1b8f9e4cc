package io.tern.embedding;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Examples of things, and which of them are most like another: by the cosine of their vectors, each example compared. */
public record NamedExamples(List<Example> examples) {
    /** @param vector of length 1 */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Example(String name, float[] vector) {}

    /**
     * @param index of the example, from 0
     * @param similarity cosine, -1..1
     */
    public record Match(int index, String name, double similarity) {}

    public NamedExamples {
        examples = List.copyOf(examples);
    }

    /**
     * Best first; of equals the first.
     *
     * @param vector of length 1
     * @param most at most so many
     * @param similarity none below
     */
    public List<Match> nearest(float[] vector, int most, double similarity) {
        return IntStream.range(0, examples.size())
                .mapToObj(i -> match(i, vector))
                .filter(match -> match.similarity() >= similarity)
                .sorted(Comparator.comparingDouble(Match::similarity).reversed())
                .limit(most)
                .toList();
    }

    private Match match(int index, float[] vector) {
        Example example = examples.get(index);
        // The lengths miss 1 by a rounding, and so may this.
        double cosine = Math.clamp(UnitVectors.dot(vector, example.vector()), -1, 1);
        return new Match(index, example.name(), cosine);
    }
}
