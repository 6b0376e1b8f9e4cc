package io.tern.generation.sampler;

import io.tern.base.TernException;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.SamplingSchedule;
import io.tern.generation.schedule.SigmaSchedule;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.schedule.TimestepSpacing;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which sampler, over which levels. One that exists is possible, but for what only the model can say.
 *
 * @param sampler which one
 * @param schedule how σ is spread; null for the model's own way
 * @param spacing which training steps are visited; null for the model's own
 * @param eta how much of the noise is drawn anew, 0..1; NaN for the sampler's own
 */
public record GridMethod(
        SamplerKind sampler,
        @Nullable SigmaSchedule schedule,
        @Nullable TimestepSpacing spacing,
        double eta) implements SamplingMethod {
    public GridMethod {
        if (!Double.isNaN(eta)) {
            TernException.require(sampler.hasEta(), "eta", eta, "absent: " + sampler.name() + " has no such choice");
            TernException.require(0 <= eta && eta <= 1, "eta", eta, "0..1");
        }
        TernException.require(
                schedule == null || spacing == null,
                "spacing",
                spacing == null ? null : spacing.configName(),
                "absent: a schedule by σ visits no training steps");
    }

    /** @throws TernException INVALID_ARGUMENT for a sampler that is not there */
    public static GridMethod of(String sampler) {
        return of(sampler, "", "", Double.NaN);
    }

    /**
     * By names; a sampler's name may end in that of a schedule, as in "DPM++ 2M Karras".
     *
     * @param schedule empty if not said
     * @param spacing empty for the model's own
     * @param eta NaN for the sampler's own
     * @throws TernException INVALID_ARGUMENT
     */
    public static GridMethod of(String sampler, String schedule, String spacing, double eta) {
        Optional<SigmaSchedule> said = schedule.isEmpty() ? Optional.empty() : SigmaSchedule.named(schedule);
        Optional<SigmaSchedule> suffix = scheduleOfName(sampler);
        if (suffix.isPresent() && !schedule.isEmpty() && !suffix.equals(said)) {
            throw TernException.invalid(
                    "schedule", schedule, suffix.get().label() + ", or a sampler's name that names no other");
        }
        String name = suffix.map(found -> withoutEnd(sampler, found)).orElse(sampler);
        return new GridMethod(
                Samplers.find(name).orElseThrow(() -> Samplers.unknown(sampler)),
                suffix.or(() -> said).orElse(null),
                spacing.isEmpty() ? null : TimestepSpacing.named(spacing),
                eta);
    }

    private static Optional<SigmaSchedule> scheduleOfName(String sampler) {
        if (Samplers.find(sampler).isPresent()) {
            return Optional.empty();
        }
        for (SigmaSchedule schedule : SigmaSchedule.values()) {
            if (Samplers.normalised(sampler).endsWith("_" + schedule.label())) {
                return Optional.of(schedule);
            }
        }
        return Optional.empty();
    }

    private static String withoutEnd(String sampler, SigmaSchedule schedule) {
        String name = sampler.strip();
        return name.substring(0, name.length() - schedule.label().length() - 1);
    }

    @Override
    public Sampler create() {
        return sampler.factory().apply(Double.isNaN(eta) ? sampler.eta() : eta);
    }

    @Override
    public TimeGrid grid(SamplingSchedule model, int steps) {
        SamplingSchedule spaced = spacing == null ? model : model.spaced(spacing);
        return spaced.grid(steps, sampler.stops(), schedule);
    }

    @Override
    public double startDeviation(NoiseLevel first) {
        return sampler.stops().startDeviation(first);
    }

    @Override
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("sampler", sampler.name());
        if (schedule != null) {
            settings.put("schedule", schedule.label());
        }
        if (spacing != null) {
            settings.put("spacing", spacing.configName());
        }
        if (!Double.isNaN(eta)) {
            settings.put("eta", eta);
        }
        return settings;
    }

    /** {@code "discrete"} for the model's own. */
    public String scheduleLabel() {
        return schedule == null ? SigmaSchedule.DISCRETE : schedule.label();
    }
}
