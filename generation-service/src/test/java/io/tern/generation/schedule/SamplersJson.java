package io.tern.generation.schedule;

import io.tern.generation.sampler.GridMethod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Builds the levels of a case of samplers.json. */
public final class SamplersJson {
    private static final int TRAIN_STEPS = 1000;

    private SamplersJson() {}

    public static TimeGrid grid(JsonNode golden) {
        JsonNode config = golden.get("config");
        String scheduler = golden.get("scheduler").asString();
        if (config.path("use_flow_sigmas").asBoolean(false) && scheduler.startsWith("DPM")) {
            return flowOfSigmas(golden);
        }
        if (config.path("prediction_type").asString("flow_prediction").equals("flow_prediction")) {
            FlowSchedule flow =
                    new FlowSchedule(TRAIN_STEPS, config.path("shift").asDouble(1));
            return flow.grid(golden.get("steps").asInt(), stops(scheduler, config), null);
        }
        return discrete(scheduler, config).grid(golden.get("steps").asInt(), stops(scheduler, config), sigmas(config));
    }

    /** diffusers' DPM-Solver spaces flows in a way of its own. */
    private static TimeGrid flowOfSigmas(JsonNode golden) {
        FlowSchedule flow = new FlowSchedule(TRAIN_STEPS, 1);
        List<NoiseLevel> levels = new ArrayList<>();
        for (JsonNode sigma : golden.get("sigmas")) {
            levels.add(sigma.asDouble() == 0 ? NoiseLevel.CLEAN : flow.atTimestep(sigma.asDouble() * TRAIN_STEPS));
        }
        return new TimeGrid(levels, flow);
    }

    /** DDIM of diffusers steps down by 1000 / n, be the next timestep there or not. */
    public static boolean stepsByItself(JsonNode golden) {
        return golden.get("scheduler").asString().equals("DDIMScheduler")
                && golden.get("config").path("timestep_spacing").asString("").equals("linspace");
    }

    public static TimeGrid oneStep(JsonNode golden, int index) {
        DiscreteSchedule schedule = discrete("DDIMScheduler", golden.get("config"));
        int timestep = golden.get("timesteps").get(index).asInt();
        int next = timestep - TRAIN_STEPS / golden.get("steps").asInt();
        NoisePath path = schedule.path();
        NoiseLevel end = next >= 0 ? path.atTimestep(next) : schedule.end();
        return new TimeGrid(List.of(path.atTimestep(timestep), end), path);
    }

    private static Stops stops(String scheduler, JsonNode config) {
        return config.path("algorithm_type").asString("").equals("dpmsolver")
                ? Stops.INTERVALS_TO_LEAST
                : GridMethod.of(scheduler).sampler().stops();
    }

    private static @Nullable SigmaSchedule sigmas(JsonNode config) {
        for (SigmaSchedule schedule : SigmaSchedule.values()) {
            if (config.path("use_" + schedule.label() + "_sigmas").asBoolean(false)) {
                return schedule;
            }
        }
        return null;
    }

    private static DiscreteSchedule discrete(String scheduler, JsonNode config) {
        NoiseSchedule training = new NoiseSchedule(
                config.get("beta_schedule").asString().equals("linear")
                        ? BetaSchedule.LINEAR
                        : BetaSchedule.SCALED_LINEAR,
                TRAIN_STEPS,
                config.get("beta_start").asDouble(),
                config.get("beta_end").asDouble());
        // the defaults of diffusers differ from class to class
        boolean leading =
                List.of("DDIMScheduler", "DDPMScheduler", "PNDMScheduler").contains(scheduler);
        boolean endsClean = config.path("set_alpha_to_one").asBoolean(!scheduler.equals("PNDMScheduler"));
        return new DiscreteSchedule(
                training,
                TimestepSpacing.named(config.path("timestep_spacing").asString(leading ? "leading" : "linspace")),
                config.path("steps_offset").asInt(0),
                endsClean ? NoiseLevel.CLEAN : training.level(0));
    }
}
