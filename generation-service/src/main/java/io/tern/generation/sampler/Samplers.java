package io.tern.generation.sampler;

import io.tern.base.TernException;
import io.tern.generation.schedule.Stops;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;

/**
 * The samplers by name. Names of diffusers, k-diffusion, ComfyUI and A1111 are aliases; case, blanks and hyphens do not
 * matter, and {@code ++} is {@code pp}.
 */
public final class Samplers {
    private static final List<SamplerKind> KINDS = List.of(
            plain("ddpm", Stops.TRAINING_STEPS, DdpmSampler::new, "ddpmscheduler"),
            noisy("ddim", Stops.TRAINING_STEPS, 0, DdimSampler::new, "ddimscheduler"),
            plain("pndm", Stops.TRAINING_STEPS, PndmSampler::new, "plms", "pndmscheduler"),
            plain("euler", Stops.SIGMAS, () -> new EulerSampler(0), "k_euler", "eulerdiscretescheduler"),
            noisy(
                    "euler_a",
                    Stops.SIGMAS,
                    1,
                    EulerSampler::new,
                    "euler_ancestral",
                    "k_euler_a",
                    "eulerancestraldiscretescheduler"),
            plain("heun", Stops.SIGMAS, HeunSampler::new, "k_heun", "heundiscretescheduler"),
            plain("lms", Stops.SIGMAS, LmsSampler::new, "k_lms", "lmsdiscretescheduler"),
            plain("dpm2", Stops.SIGMAS, () -> new Dpm2Sampler(0), "dpm_2", "k_dpm_2", "kdpm2discretescheduler"),
            noisy(
                    "dpm2_a",
                    Stops.SIGMAS,
                    1,
                    Dpm2Sampler::new,
                    "dpm_2_a",
                    "dpm_2_ancestral",
                    "k_dpm_2_a",
                    "kdpm2ancestraldiscretescheduler"),
            noisy("dpmpp_2s_a", Stops.SIGMAS, 1, Dpmpp2sSampler::new, "dpmpp_2s_ancestral", "k_dpmpp_2s_a"),
            plain("dpmpp_2s", Stops.INTERVALS, DpmppSinglestepSampler::new, "dpmsolversinglestepscheduler"),
            plain(
                    "dpmpp_2m",
                    Stops.INTERVALS,
                    () -> new DpmppMultistepSampler(2, 0),
                    "k_dpmpp_2m",
                    "dpmsolvermultistepscheduler"),
            plain("dpmpp_3m", Stops.INTERVALS, () -> new DpmppMultistepSampler(3, 0)),
            noisy("dpmpp_2m_sde", Stops.INTERVALS, 1, eta -> new DpmppMultistepSampler(2, eta), "k_dpmpp_2m_sde"),
            noisy("dpmpp_3m_sde", Stops.INTERVALS, 1, eta -> new DpmppMultistepSampler(3, eta), "k_dpmpp_3m_sde"),
            noisy("dpmpp_sde", Stops.SIGMAS, 1, DpmppSdeSampler::new, "k_dpmpp_sde", "dpmsolversdescheduler"),
            plain("dpm_solver", Stops.INTERVALS_TO_LEAST, () -> new DpmSolverSampler(2), "dpmsolver"),
            plain("unipc", Stops.INTERVALS, UniPcSampler::new, "uni_pc", "uni_pc_bh2", "unipcmultistepscheduler"),
            plain("deis", Stops.INTERVALS_TO_LEAST, DeisSampler::new, "deismultistepscheduler"),
            plain("lcm", Stops.DISTILLED, LcmSampler::new, "lcmscheduler"),
            noisy("tcd", Stops.DISTILLED, 0.3, TcdSampler::new, "tcdscheduler"),
            plain("consistency", Stops.SIGMAS, ConsistencySampler::new, "cmstochasticiterativescheduler"),
            plain("flow_euler", Stops.SIGMAS, () -> new DdimSampler(0), "flowmatcheulerdiscretescheduler"),
            plain("flow_heun", Stops.SIGMAS, FlowHeunSampler::new, "flowmatchheundiscretescheduler"),
            plain("restart", Stops.SIGMAS, RestartSampler::new));

    private Samplers() {}

    /** For a name that is not here, with those that are. */
    static TernException unknown(String name) {
        return TernException.invalid("sampler", name, String.join(", ", names()));
    }

    static Optional<SamplerKind> find(String name) {
        String wanted = normalised(name);
        return KINDS.stream().filter(kind -> kind.isNamed(wanted)).findFirst();
    }

    static String normalised(String name) {
        String words = name.strip().toLowerCase(Locale.ROOT).replace("++", "pp").replaceAll("[ -]+", "_");
        return words.startsWith("sample_") ? words.substring("sample_".length()) : words;
    }

    public static List<String> names() {
        return KINDS.stream().map(SamplerKind::name).toList();
    }

    private static SamplerKind plain(String name, Stops stops, Supplier<Sampler> factory, String... aliases) {
        return new SamplerKind(name, List.of(aliases), stops, Double.NaN, _ -> factory.get());
    }

    private static SamplerKind noisy(
            String name, Stops stops, double eta, DoubleFunction<Sampler> factory, String... aliases) {
        return new SamplerKind(name, List.of(aliases), stops, eta, factory);
    }
}
