package io.tern.generation.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.generation.Golden;
import io.tern.generation.schedule.BetaSchedule;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoiseSchedule;
import io.tern.generation.score.Parameterization;
import io.tern.generation.score.Prediction;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The analytic model of samplers.json, which sees what diffusers showed it: at each call it compares the state with the
 * golden one, and answers at diffusers' timestep. (That is a whole number in places where the level has a fraction; the
 * two may not be further apart.)
 */
final class GoldenModel implements ScoreModel {
    /** Relative to the largest value of the state: diffusers computes its schedule in float32. */
    private static final double TOLERANCE = 1e-4;

    private static final List<String> IN_SIGMAS = List.of(
            "EulerDiscreteScheduler",
            "EulerAncestralDiscreteScheduler",
            "HeunDiscreteScheduler",
            "LMSDiscreteScheduler",
            "KDPM2DiscreteScheduler",
            "KDPM2AncestralDiscreteScheduler");

    private final JsonNode golden;
    private final float[] mean;
    private final double deviation;
    private final boolean inSigmas;
    private final boolean flow;
    private final Parameterization form;
    private final Arena arena = Arena.ofAuto();
    private int calls;

    GoldenModel(JsonNode file, JsonNode golden) {
        this.golden = golden;
        mean = Golden.floats(file.get("mean"));
        deviation = file.get("std").asDouble();
        inSigmas = isInSigmas(golden.get("scheduler").asString());
        JsonNode config = golden.get("config");
        String predicted = config.path("prediction_type").asString("flow_prediction");
        flow = predicted.equals("flow_prediction");
        form = Arrays.stream(Parameterization.values())
                .filter(candidate -> candidate.configName().equals(predicted))
                .findFirst()
                .orElseThrow();
    }

    static boolean isInSigmas(String scheduler) {
        return IN_SIGMAS.contains(scheduler);
    }

    @Override
    public Prediction predict(FloatTensor x, NoiseLevel level) {
        double timestep = golden.get("timesteps").get(calls).asDouble();
        assertThat(level.timestep()).as("timestep of call " + calls).isCloseTo(timestep, within(1.001));
        requireState(x, inSigmas ? 1 / level.signal() : 1);
        calls++;
        return new Prediction(x, output(x, timestep), form.split(level));
    }

    private FloatTensor output(FloatTensor x, double timestep) {
        double a = flow ? 1 - timestep / 1000 : signal(timestep);
        double s = flow ? timestep / 1000 : Math.sqrt(1 - a * a);
        double variance = a * a * deviation * deviation + s * s; // of x
        FloatTensor output = FloatTensor.allocate(arena, x.shape());
        for (int i = 0; i < x.size(); i++) {
            double excess = x.get(i) - a * mean[i];
            double data = mean[i] + a * deviation * deviation / variance * excess;
            double noise = s / variance * excess;
            output.set(i, (float)
                    switch (form) {
                        case EPSILON -> noise;
                        case V -> a * noise - s * data;
                        case SAMPLE -> data;
                        case FLOW -> noise - data;
                        case SCORE -> -noise / s;
                    });
        }
        return output;
    }

    /** √ᾱ with ᾱ linear between whole timesteps, which is how samplers.json defines its model. */
    private double signal(double timestep) {
        JsonNode config = golden.get("config");
        NoiseSchedule schedule = new NoiseSchedule(
                config.get("beta_schedule").asString().equals("linear")
                        ? BetaSchedule.LINEAR
                        : BetaSchedule.SCALED_LINEAR,
                1000,
                config.get("beta_start").asDouble(),
                config.get("beta_end").asDouble());
        int below = Math.min((int) timestep, 998);
        double low = schedule.alphaBar(below);
        return Math.sqrt(low + (timestep - below) * (schedule.alphaBar(below + 1) - low));
    }

    void requireEnd(FloatTensor end) {
        assertThat(calls)
                .as("calls of the network")
                .isEqualTo(golden.get("timesteps").size());
        requireState(end, 1);
    }

    private void requireState(FloatTensor x, double scale) {
        JsonNode state = golden.get("after_step").get(String.valueOf(calls - 1));
        if (calls > 0 && state != null) {
            float[] expected = Golden.floats(state);
            float[] found = x.toArray();
            for (int i = 0; i < found.length; i++) {
                found[i] *= (float) scale;
            }
            double largest = Golden.largestDifference(expected, new float[expected.length]);
            assertThat(Golden.largestDifference(found, expected))
                    .as("state before call " + calls)
                    .isLessThan(TOLERANCE * largest);
        }
    }
}
