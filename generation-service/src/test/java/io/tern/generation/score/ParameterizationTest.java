package io.tern.generation.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.generation.Golden;
import io.tern.generation.schedule.BetaSchedule;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoiseSchedule;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParameterizationTest {
    private static final NoiseSchedule SCHEDULE = new NoiseSchedule(BetaSchedule.LINEAR, 1000, 1e-4, 0.02);

    /** x0 and ε are known; what each network would have said of them must give them back. */
    @ParameterizedTest
    @EnumSource
    void tellsDataAndNoiseApart(Parameterization form) {
        float[] data = {0.3f, -1.7f, 0, 8};
        float[] noise = {1.1f, 0.2f, -2.5f, 0};
        for (int t = 1; t < 1000; t += 37) {
            NoiseLevel level = SCHEDULE.level(t);
            double a = level.signal();
            double s = level.noise();
            try (Arena arena = Arena.ofConfined()) {
                FloatTensor x = Golden.tensor(arena, new float[4]);
                FloatTensor output = Golden.tensor(arena, new float[4]);
                for (int i = 0; i < 4; i++) {
                    x.set(i, (float) (a * data[i] + s * noise[i]));
                    double said = switch (form) {
                        case EPSILON -> noise[i];
                        case V -> a * noise[i] - s * data[i];
                        case SAMPLE -> data[i];
                        case FLOW -> noise[i] - data[i];
                        case SCORE -> -noise[i] / s;
                    };
                    output.set(i, (float) said);
                }
                Prediction prediction = new Prediction(x, output, form.split(level));
                FloatTensor found = Golden.tensor(arena, new float[4]);
                prediction.data(found);
                // float32 rounding of x, seen through 1/a resp. 1/s
                assertThat(found.toArray()).containsExactly(data, within((float) (2e-6 / Math.min(a, 1))));
                prediction.noise(found);
                assertThat(found.toArray()).containsExactly(noise, within((float) (2e-6 / Math.min(s, 1))));
            }
        }
    }
}
