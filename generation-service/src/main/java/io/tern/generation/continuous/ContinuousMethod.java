package io.tern.generation.continuous;

import io.tern.base.TernException;
import io.tern.generation.corrector.AnnealedLangevin;
import io.tern.generation.corrector.Corrector;
import io.tern.generation.corrector.Langevin;
import io.tern.generation.ode.Tolerance;
import io.tern.generation.predictor.Ancestral;
import io.tern.generation.predictor.EulerMaruyama;
import io.tern.generation.predictor.Predictor;
import io.tern.generation.predictor.ReverseDiffusion;
import io.tern.generation.sampler.Sampler;
import io.tern.generation.sampler.SamplingMethod;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoisePath;
import io.tern.generation.schedule.SamplingSchedule;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.sde.Sde;
import io.tern.generation.sde.SdeType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Sampling by an SDE over even steps of time. */
public sealed interface ContinuousMethod extends SamplingMethod {
    SdeType type();

    /**
     * By names and numbers as a request has them.
     *
     * @param predictor empty for Euler-Maruyama
     * @param corrector empty for none
     * @param snr NaN for the default
     * @param correctorSteps 0 for the default
     * @param ode whether it is the ODE; then there is a tolerance instead of predictor and corrector
     * @param relative NaN for the default
     * @param absolute NaN for the default
     * @throws TernException INVALID_ARGUMENT
     */
    static ContinuousMethod of(
            String type,
            String predictor,
            String corrector,
            double snr,
            int correctorSteps,
            boolean ode,
            double relative,
            double absolute) {
        SdeType sde = SdeType.named("sde.type", type);
        if (ode) {
            requireAbsent("sde.predictor", predictor.isEmpty(), predictor, "an ODE");
            requireAbsent("sde.corrector", corrector.isEmpty(), corrector, "an ODE");
            requireAbsent("sde.snr", Double.isNaN(snr), snr, "an ODE");
            requireAbsent("sde.corrector_steps", correctorSteps == 0, correctorSteps, "an ODE");
            return new Flow(
                    sde,
                    new Tolerance(
                            Double.isNaN(relative) ? Tolerance.DEFAULT.relative() : relative,
                            Double.isNaN(absolute) ? Tolerance.DEFAULT.absolute() : absolute));
        }
        requireAbsent("sde.rtol", Double.isNaN(relative), relative, "an SDE");
        requireAbsent("sde.atol", Double.isNaN(absolute), absolute, "an SDE");
        return new PredictorCorrector(
                sde,
                predictor.isEmpty()
                        ? PredictorKind.EULER_MARUYAMA
                        : named("sde.predictor", predictor, PredictorKind.values()),
                corrector.isEmpty() ? CorrectorKind.NONE : named("sde.corrector", corrector, CorrectorKind.values()),
                Double.isNaN(snr) ? PredictorCorrector.DEFAULT_SNR : snr,
                correctorSteps == 0 ? 1 : correctorSteps);
    }

    private static void requireAbsent(String field, boolean absent, Object value, String method) {
        TernException.require(absent, field, value, "absent for " + method);
    }

    /** Song et al. 2021, algorithm 1. */
    record PredictorCorrector(
            SdeType type, PredictorKind predictor, CorrectorKind corrector, double snr, int correctorSteps)
            implements ContinuousMethod {
        /** Song et al. 2021, appendix G, for CIFAR-10. */
        public static final double DEFAULT_SNR = 0.16;

        private static final int MOST_CORRECTOR_STEPS = 10;

        public PredictorCorrector {
            TernException.require(0 < snr && snr <= 1, "sde.snr", snr, "more than 0, at most 1");
            TernException.require(
                    1 <= correctorSteps && correctorSteps <= MOST_CORRECTOR_STEPS,
                    "sde.corrector_steps",
                    correctorSteps,
                    "1.." + MOST_CORRECTOR_STEPS);
            TernException.require(
                    predictor != PredictorKind.NONE || corrector != CorrectorKind.NONE,
                    "sde.corrector",
                    "none",
                    "langevin or annealed_langevin, since there is no predictor");
        }

        /** Without a predictor the corrector takes each of the levels, the last one too. Song and Ermon 2019, algorithm 1. */
        @Override
        public TimeGrid grid(SamplingSchedule model, int steps) {
            if (predictor != PredictorKind.NONE || steps == 1) {
                return ContinuousMethod.super.grid(model, steps);
            }
            TimeGrid all = ContinuousMethod.super.grid(model, steps - 1);
            List<NoiseLevel> levels = new ArrayList<>(all.levels());
            levels.add(levels.getLast());
            return new TimeGrid(levels, all.path());
        }

        @Override
        public Sampler create() {
            return new PredictorCorrectorSampler(type, predictor.create(), corrector.create(snr, correctorSteps));
        }

        @Override
        public Map<String, Object> settings() {
            Map<String, Object> sde = new LinkedHashMap<>();
            sde.put("type", type.label());
            sde.put("predictor", predictor.label());
            sde.put("corrector", corrector.label());
            if (corrector != CorrectorKind.NONE) {
                sde.put("snr", snr);
                sde.put("corrector_steps", correctorSteps);
            }
            return Map.of("sde", sde);
        }
    }

    /** Song et al. 2021, section 4.3. */
    record Flow(SdeType type, Tolerance tolerance) implements ContinuousMethod {
        @Override
        public Sampler create() {
            return new ProbabilityFlowSampler(type, tolerance);
        }

        @Override
        public Map<String, Object> settings() {
            Map<String, Object> sde = new LinkedHashMap<>();
            sde.put("type", type.label());
            sde.put("ode", true);
            sde.put("rtol", tolerance.relative());
            sde.put("atol", tolerance.absolute());
            return Map.of("sde", sde);
        }
    }

    /** Which predictor, by name. */
    enum PredictorKind {
        EULER_MARUYAMA,
        REVERSE_DIFFUSION,
        ANCESTRAL,
        NONE;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        Predictor create() {
            return switch (this) {
                case EULER_MARUYAMA -> new EulerMaruyama();
                case REVERSE_DIFFUSION -> new ReverseDiffusion();
                case ANCESTRAL -> new Ancestral();
                case NONE -> (_, _, _) -> {};
            };
        }
    }

    /** Which corrector, by name. */
    enum CorrectorKind {
        LANGEVIN,
        ANNEALED_LANGEVIN,
        NONE;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        Corrector create(double snr, int steps) {
            return switch (this) {
                case LANGEVIN -> new Langevin(snr, steps);
                case ANNEALED_LANGEVIN -> new AnnealedLangevin(snr, steps);
                case NONE -> (_, _) -> {};
            };
        }
    }

    private static <E extends Enum<E>> E named(String field, String name, E[] values) {
        return Arrays.stream(values)
                .filter(value -> value.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        field,
                        name,
                        Arrays.stream(values)
                                .map(value -> value.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    /** Even steps of time, from all noise to the least that the model knows. */
    @Override
    default TimeGrid grid(SamplingSchedule model, int steps) {
        NoisePath path = model.path();
        Sde sde = type().over(path);
        double end = sde.timeOf(path.least().sigma());
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            double t = 1 + (end - 1) * i / steps;
            levels.add(path.atSigma(sde.marginal(t).sigma()));
        }
        return new TimeGrid(levels, path);
    }

    /** The prior of an SDE has the variance of its noise alone. */
    @Override
    default double startDeviation(NoiseLevel first) {
        return first.noise();
    }
}
