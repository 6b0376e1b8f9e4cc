package io.tern.generation.pipeline;

import io.tern.generation.continuous.ContinuousMethod;
import io.tern.generation.graph.ConfigFile;
import io.tern.generation.sampler.GridMethod;
import io.tern.generation.sampler.SamplingMethod;
import io.tern.generation.schedule.BetaSchedule;
import io.tern.generation.schedule.DiscreteSchedule;
import io.tern.generation.schedule.FlowSchedule;
import io.tern.generation.schedule.GeometricSigmas;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoisePath;
import io.tern.generation.schedule.NoiseSchedule;
import io.tern.generation.schedule.SamplingSchedule;
import io.tern.generation.schedule.TimestepSpacing;
import io.tern.generation.score.Guidance;
import io.tern.generation.score.Parameterization;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * scheduler/scheduler_config.json: how the model learnt, which is what every sampler needs to know, and with which one its
 * makers draw. Absent fields have the defaults of diffusers, which differ from class to class.
 *
 * @param usual how it is drawn with where a request does not say
 * @param told what the network is told of a level
 * @param dataLimit magnitude to which data are cut on the way; infinite for none
 */
record SchedulerConfig(
        SamplingSchedule schedule,
        UsualSettings usual,
        Parameterization parameterization,
        ToDoubleFunction<NoiseLevel> told,
        double dataLimit) {
    private static final String FILE = "scheduler/scheduler_config.json";
    private static final String SCORE_SDE_VE = "ScoreSdeVeScheduler";
    private static final Set<String> FLOW = Set.of("FlowMatchEulerDiscreteScheduler", "FlowMatchHeunDiscreteScheduler");
    /** Those that visit multiples of a stride if the file says nothing. */
    private static final Set<String> LEADING =
            Set.of("DDIMScheduler", "DDPMScheduler", "PNDMScheduler", "LCMScheduler", "TCDScheduler");
    /** Of models that draw in few steps, led by what they were distilled with. */
    private static final Set<String> DISTILLED = Set.of("LCMScheduler", "TCDScheduler");
    /** Those that cut data to ±1 if the file says nothing. */
    private static final Set<String> CLIPPING = Set.of("DDIMScheduler", "DDPMScheduler");

    /** What a network of training steps can have been taught. */
    private static final Parameterization[] DISCRETE = {
        Parameterization.EPSILON, Parameterization.V, Parameterization.SAMPLE
    };

    /** Its samplers need more of them than an ODE's. */
    private static final int EXPLODING_STEPS = 200;

    /** Any σ between the ends is known to a consistency model; steps are counted in so many. */
    private static final int CONSISTENCY_LEVELS = 1000;

    static final List<String> CLASSES = List.of(
            "DDIMScheduler",
            "DDPMScheduler",
            "DEISMultistepScheduler",
            "DPMSolverMultistepScheduler",
            "EulerAncestralDiscreteScheduler",
            "EulerDiscreteScheduler",
            "FlowMatchEulerDiscreteScheduler",
            "FlowMatchHeunDiscreteScheduler",
            "HeunDiscreteScheduler",
            "KDPM2AncestralDiscreteScheduler",
            "KDPM2DiscreteScheduler",
            "LCMScheduler",
            "LMSDiscreteScheduler",
            "PNDMScheduler",
            SCORE_SDE_VE,
            "TCDScheduler",
            "UniPCMultistepScheduler");

    static SchedulerConfig read(Path folder) {
        ConfigFile file = ConfigFile.read(folder, FILE);
        String scheduler = file.oneOf("_class_name", CLASSES);
        if (scheduler.equals(SCORE_SDE_VE)) {
            return exploding(file);
        }
        return FLOW.contains(scheduler) ? flow(file, scheduler) : discrete(file, scheduler);
    }

    /** Song et al. 2021, algorithm 2, which is what diffusers does with such a file. */
    private static SchedulerConfig exploding(ConfigFile file) {
        NoisePath path = new GeometricSigmas(
                file.number("sigma_min", 0.01),
                file.number("sigma_max", 1348),
                file.integer("num_train_timesteps", 2000));
        SamplingMethod method = ContinuousMethod.of(
                "ve",
                "reverse_diffusion",
                "langevin",
                file.number("snr", 0.15),
                file.integer("correct_steps", 1),
                false,
                Double.NaN,
                Double.NaN);
        return new SchedulerConfig(
                new DiscreteSchedule(path, TimestepSpacing.LINSPACE, 0, NoiseLevel.CLEAN),
                new UsualSettings(method, EXPLODING_STEPS, 1),
                Parameterization.SCORE,
                NoiseLevel::sigma,
                Double.POSITIVE_INFINITY);
    }

    /**
     * Of a consistency model, which answers with the end of the trajectory: one step suffices. Song et al. 2023, section 3.
     *
     * @param leastSigma where its answer is the sample itself
     */
    static SchedulerConfig consistency(double leastSigma, double mostSigma) {
        NoisePath path = new GeometricSigmas(leastSigma, mostSigma, CONSISTENCY_LEVELS);
        return new SchedulerConfig(
                new DiscreteSchedule(path, TimestepSpacing.TRAILING, 0, NoiseLevel.CLEAN),
                new UsualSettings(GridMethod.of("consistency"), 1, Guidance.NONE.weight()),
                Parameterization.SAMPLE,
                NoiseLevel::sigma,
                Double.POSITIVE_INFINITY);
    }

    private static SchedulerConfig flow(ConfigFile file, String scheduler) {
        file.requireOff("use_dynamic_shifting", false);
        return new SchedulerConfig(
                new FlowSchedule(file.integer("num_train_timesteps", 1000), file.number("shift", 1)),
                usual(file, scheduler),
                Parameterization.FLOW,
                NoiseLevel::timestep,
                Double.POSITIVE_INFINITY);
    }

    private static SchedulerConfig discrete(ConfigFile file, String scheduler) {
        refuseWhatIsNotBuilt(file);
        NoiseSchedule learnt = new NoiseSchedule(
                file.choice("beta_schedule", BetaSchedule.values(), BetaSchedule::configName, BetaSchedule.LINEAR),
                file.integer("num_train_timesteps", 1000),
                file.number("beta_start", 1e-4),
                file.number("beta_end", 0.02));
        NoiseSchedule training = file.flag("rescale_betas_zero_snr", false) ? learnt.withZeroTerminalSnr() : learnt;
        TimestepSpacing spacing = file.choice(
                "timestep_spacing",
                TimestepSpacing.values(),
                TimestepSpacing::configName,
                LEADING.contains(scheduler) ? TimestepSpacing.LEADING : TimestepSpacing.LINSPACE);
        boolean endsClean = file.flag("set_alpha_to_one", !scheduler.equals("PNDMScheduler"));
        return new SchedulerConfig(
                new DiscreteSchedule(
                        training,
                        spacing,
                        file.integer("steps_offset", 0),
                        endsClean ? NoiseLevel.CLEAN : training.level(0),
                        file.integer("original_inference_steps", DiscreteSchedule.USUAL_DISTILLED_STEPS)),
                usual(file, scheduler),
                file.choice("prediction_type", DISCRETE, Parameterization::configName, Parameterization.EPSILON),
                NoiseLevel::timestep,
                dataLimit(file, scheduler));
    }

    private static UsualSettings usual(ConfigFile file, String scheduler) {
        String sigmas = file.flag("use_karras_sigmas", false)
                ? "karras"
                : file.flag("use_exponential_sigmas", false)
                        ? "exponential"
                        : file.flag("use_beta_sigmas", false) ? "beta" : "";
        boolean distilled = DISTILLED.contains(scheduler);
        return new UsualSettings(
                GridMethod.of(scheduler, sigmas, "", Double.NaN),
                distilled ? UsualSettings.DISTILLED_STEPS : UsualSettings.STEPS,
                distilled ? Guidance.NONE.weight() : UsualSettings.GUIDANCE);
    }

    private static double dataLimit(ConfigFile file, String scheduler) {
        double limit = file.number("clip_sample_range", 1);
        if (!(limit > 0)) {
            throw file.refused("clip_sample_range", "more than 0");
        }
        return file.flag("clip_sample", CLIPPING.contains(scheduler)) ? limit : Double.POSITIVE_INFINITY;
    }

    private static void refuseWhatIsNotBuilt(ConfigFile file) {
        file.requireOff("thresholding", false);
        file.requireOff("use_lu_lambdas", false);
        file.requireOff("use_flow_sigmas", false);
        file.requireNothing("trained_betas");
        file.requireIfThere("final_sigmas_type", "zero");
        file.requireIfThere("timestep_type", "discrete");
        file.requireIfThere("interpolation_type", "linear");
        file.requireIfThere("algorithm_type", "dpmsolver++");
    }
}
