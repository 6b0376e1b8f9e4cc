package io.tern.generation.sampler;

import io.tern.base.TernException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The samplers by name. Names of other programs are aliases; case does not matter. */
public final class Samplers {
    public static final String DEFAULT = "ddim";

    private static final List<Entry> ENTRIES = List.of(
            new Entry("ddim", List.of("ddimscheduler"), DdimSampler::new),
            new Entry("euler", List.of("k_euler", "sample_euler", "eulerdiscretescheduler"), EulerSampler::new));

    private Samplers() {}

    /** @throws TernException INVALID_ARGUMENT with the names that there are */
    public static Sampler create(String name) {
        return entry(name).factory().get();
    }

    /** Our own name of a sampler: {@code "ddim"} for {@code "DDIMScheduler"}. */
    public static String canonicalName(String name) {
        return entry(name).name();
    }

    public static List<String> names() {
        return ENTRIES.stream().map(Entry::name).toList();
    }

    private static Entry entry(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return ENTRIES.stream()
                .filter(entry -> entry.name().equals(wanted) || entry.aliases().contains(wanted))
                .findFirst()
                .orElseThrow(() -> TernException.invalid("sampler", name, String.join(", ", names())));
    }

    private record Entry(String name, List<String> aliases, Supplier<Sampler> factory) {}
}
