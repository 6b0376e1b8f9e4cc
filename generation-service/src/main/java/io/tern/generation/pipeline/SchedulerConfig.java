package io.tern.generation.pipeline;

import io.tern.generation.schedule.BetaSchedule;
import io.tern.generation.schedule.DiscreteSchedule;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoiseSchedule;
import io.tern.generation.schedule.SamplingSchedule;
import io.tern.generation.schedule.TimestepSpacing;
import io.tern.generation.score.Parameterization;
import java.nio.file.Path;
import java.util.List;

/**
 * scheduler/scheduler_config.json: how the model learnt, which is what every sampler needs to know. Absent fields have
 * the defaults of diffusers, which differ from class to class.
 */
record SchedulerConfig(SamplingSchedule schedule, Parameterization parameterization) {
    private static final String FILE = "scheduler/scheduler_config.json";
    private static final String DDIM = "DDIMScheduler";
    /** What a network of training steps can have been taught. */
    private static final Parameterization[] DISCRETE = {
        Parameterization.EPSILON, Parameterization.V, Parameterization.SAMPLE
    };

    static final List<String> CLASSES = List.of(DDIM, "EulerDiscreteScheduler");

    static SchedulerConfig read(Path folder) {
        ConfigFile file = ConfigFile.read(folder, FILE);
        boolean ddim = file.oneOf("_class_name", CLASSES).equals(DDIM);
        refuseWhatIsNotBuilt(file, ddim);
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
                ddim ? TimestepSpacing.LEADING : TimestepSpacing.LINSPACE);
        NoiseLevel end = file.flag("set_alpha_to_one", true) ? NoiseLevel.CLEAN : training.level(0);
        return new SchedulerConfig(
                new DiscreteSchedule(training, spacing, file.integer("steps_offset", 0), end),
                file.choice("prediction_type", DISCRETE, Parameterization::configName, Parameterization.EPSILON));
    }

    private static void refuseWhatIsNotBuilt(ConfigFile file, boolean ddim) {
        file.requireOff("clip_sample", ddim);
        file.requireOff("thresholding", false);
        file.requireOff("use_karras_sigmas", false);
        file.requireOff("use_exponential_sigmas", false);
        file.requireOff("use_beta_sigmas", false);
        file.requireNothing("trained_betas");
        file.requireIfThere("final_sigmas_type", "zero");
        file.requireIfThere("timestep_type", "discrete");
        file.requireIfThere("interpolation_type", "linear");
    }
}
