package io.tern.decoding.verify;

import io.tern.base.TernException;
import io.tern.decoding.sampling.Sampler;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.sampling.TokenCounts;
import io.tern.decoding.sampling.TokenDistribution;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The acceptance rules that a request can name. */
public enum AcceptanceKind {
    /** A draft stands where it is the target's own choice, its draw included: {@link CoupledAcceptance}. */
    GREEDY,
    /** {@link RejectionAcceptance}: lossless. */
    REJECTION,
    /** {@link TypicalAcceptance}: not lossless. */
    TYPICAL;

    /**
     * The rule for one sequence. For a greedy request, whose distribution is one token, all of them are the greedy rule. It
     * follows {@code counts}, which the caller keeps up to date.
     */
    public Acceptance open(
            SamplingParameters sampling, TypicalThreshold typical, TokenCounts counts, int vocabularySize) {
        Sampler sampler = Sampler.of(sampling, counts, vocabularySize);
        if (this == GREEDY || sampling.isGreedy()) {
            return new CoupledAcceptance(sampler);
        }
        TokenDistribution target = TokenDistribution.of(sampling, counts, vocabularySize);
        return this == REJECTION
                ? new RejectionAcceptance(target, vocabularySize, sampling.seed())
                : new TypicalAcceptance(target, typical, sampler);
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws TernException INVALID_ARGUMENT for a name that no rule has */
    public static AcceptanceKind ofWireName(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        "speculation.acceptance",
                        name,
                        "one of "
                                + Arrays.stream(values())
                                        .map(AcceptanceKind::wireName)
                                        .collect(Collectors.joining(", "))));
    }
}
