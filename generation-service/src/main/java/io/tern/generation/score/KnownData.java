package io.tern.generation.score;

import io.tern.generation.schedule.NoiseLevel;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;

/**
 * A model of data of which a part is known: there, whatever the network says is replaced by what is known. So every sampler
 * can paint in, and ends at the known data. Song et al. 2021, appendix I.2, with the data in place of their noised copy.
 */
public final class KnownData implements ScoreModel {
    private final ScoreModel model;
    private final FloatTensor known;
    private final FloatTensor unknown;
    private final FloatTensor data;

    /**
     * @param known data, in the shape of a sample
     * @param unknown 1 for each value that the model decides, else 0
     */
    public KnownData(ScoreModel model, FloatTensor known, FloatTensor unknown, Arena arena) {
        this.model = model;
        this.known = known;
        this.unknown = unknown;
        this.data = FloatTensor.allocate(arena, known.shape());
    }

    @Override
    public Prediction predict(FloatTensor x, NoiseLevel level) {
        model.predict(x, level).data(data);
        for (long i = 0; i < data.size(); i++) {
            if (unknown.get(i) == 0) {
                data.set(i, known.get(i));
            }
        }
        return new Prediction(x, data, Parameterization.SAMPLE.split(level));
    }
}
