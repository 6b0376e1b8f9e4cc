package io.tern.generation.schedule;

import io.tern.base.TernException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How σ is spread between a model's most and least noise, if not by its own training steps. */
public enum SigmaSchedule {
    /** Even steps of σ^(1/7). Karras et al. 2022, eq. 5. */
    KARRAS("karras") {
        @Override
        double sigma(double fraction, double most, double least) {
            return karras(fraction, most, least);
        }
    },
    /** Even steps of log σ. */
    EXPONENTIAL("exponential") {
        @Override
        double sigma(double fraction, double most, double least) {
            return Math.exp(between(Math.log(most), Math.log(least), fraction));
        }
    },
    /** Quantiles of Beta(0.6, 0.6): dense at both ends. Lee et al. 2024, as diffusers writes it. */
    BETA("beta") {
        @Override
        double sigma(double fraction, double most, double least) {
            return least + BetaQuantile.of(1 - fraction, BETA_SHAPE, BETA_SHAPE) * (most - least);
        }
    },
    /** Even training steps from the last one on, one more than needed, so that the first is never left out. */
    SGM_UNIFORM("sgm_uniform") {
        @Override
        double[] sigmas(int count, NoisePath path) {
            double last = path.most().timestep();
            return each(count, i -> path.atTimestep(last * (count - i) / count).sigma());
        }
    },
    /** Every so many training steps, counted from the last one. */
    SIMPLE("simple") {
        @Override
        double[] sigmas(int count, NoisePath path) {
            int trainSteps = path.trainSteps();
            double last = path.most().timestep();
            return each(
                    count,
                    i -> path.atTimestep(last - (long) i * trainSteps / count).sigma());
        }
    },
    /**
     * Align Your Steps: spread as was found best for Stable Diffusion 1.5, stretched in log σ to the model's own range.
     * Sabour et al. 2024, table 5.
     */
    AYS("ays") {
        @Override
        double sigma(double fraction, double most, double least) {
            double place = fraction * (AYS_SIGMAS.length - 1);
            int index = Math.min((int) place, AYS_SIGMAS.length - 2);
            double log = between(Math.log(AYS_SIGMAS[index]), Math.log(AYS_SIGMAS[index + 1]), place - index);
            double down = (Math.log(AYS_SIGMAS[0]) - log)
                    / (Math.log(AYS_SIGMAS[0]) - Math.log(AYS_SIGMAS[AYS_SIGMAS.length - 1]));
            return Math.exp(between(Math.log(most), Math.log(least), down));
        }
    };

    /** The name of no such schedule: the model's own. */
    public static final String DISCRETE = "discrete";

    private static final List<String> DISCRETE_ALIASES = List.of(DISCRETE, "normal", "automatic", "uniform");
    private static final double RHO = 7;
    private static final double BETA_SHAPE = 0.6;
    private static final double[] AYS_SIGMAS = {
        14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029
    };

    private final String label;

    SigmaSchedule(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /**
     * Empty for the model's own.
     *
     * @throws TernException INVALID_ARGUMENT with the names that there are
     */
    public static Optional<SigmaSchedule> named(String name) {
        String wanted = name.toLowerCase(Locale.ROOT).strip().replaceAll("[ -]+", "_");
        if (DISCRETE_ALIASES.contains(wanted)) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(values())
                .filter(schedule ->
                        wanted.equals(schedule.label) || wanted.equals("align_your_steps") && schedule == AYS)
                .findFirst()
                .orElseThrow(() -> TernException.invalid("schedule", name, names().collect(Collectors.joining(", ")))));
    }

    /** Its own name first, then those of {@link #values}. */
    public static Stream<String> names() {
        return Stream.concat(Stream.of(DISCRETE), Arrays.stream(values()).map(SigmaSchedule::label));
    }

    /** So many values of σ, strictly falling; the first is the path's most. */
    double[] sigmas(int count, NoisePath path) {
        double most = path.most().sigma();
        double least = path.least().sigma();
        return each(count, i -> count == 1 ? most : sigma((double) i / (count - 1), most, least));
    }

    /**
     * σ between two ends, for those that are spread so.
     *
     * @param fraction of the way down, 0..1
     */
    double sigma(double fraction, double most, double least) {
        throw new IllegalStateException(label + " is not spread between two ends");
    }

    /** σ at a fraction of the way down from one σ to another, as {@link #KARRAS} spreads it. */
    public static double karras(double fraction, double most, double least) {
        return Math.pow(between(Math.pow(most, 1 / RHO), Math.pow(least, 1 / RHO), fraction), RHO);
    }

    private static double between(double from, double to, double fraction) {
        return from + fraction * (to - from);
    }

    private static double[] each(int count, IntToDoubleFunction value) {
        double[] values = new double[count];
        Arrays.setAll(values, value);
        return values;
    }
}
