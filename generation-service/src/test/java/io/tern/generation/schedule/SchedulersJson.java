package io.tern.generation.schedule;

import tools.jackson.databind.JsonNode;

/** Builds the schedule of a case of schedulers.json. */
public final class SchedulersJson {
    private SchedulersJson() {}

    public static SamplingSchedule schedule(JsonNode config) {
        NoiseSchedule training = new NoiseSchedule(
                config.get("beta_schedule").asString().equals("linear")
                        ? BetaSchedule.LINEAR
                        : BetaSchedule.SCALED_LINEAR,
                config.get("num_train_timesteps").asInt(),
                config.get("beta_start").asDouble(),
                config.get("beta_end").asDouble());
        TimestepSpacing spacing = switch (config.get("timestep_spacing").asString()) {
            case "leading" -> TimestepSpacing.LEADING;
            case "trailing" -> TimestepSpacing.TRAILING;
            default -> TimestepSpacing.LINSPACE;
        };
        boolean endsClean = config.path("set_alpha_to_one").asBoolean(true);
        return new SamplingSchedule(
                training,
                spacing,
                config.path("steps_offset").asInt(0),
                endsClean ? NoiseLevel.CLEAN : training.level(0));
    }
}
