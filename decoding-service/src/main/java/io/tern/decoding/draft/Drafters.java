package io.tern.decoding.draft;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The drafters that one model has. Immutable. */
public final class Drafters {
    private final Map<DrafterKind, Opening> openings;

    private Drafters(Map<DrafterKind, Opening> openings) {
        this.openings = new EnumMap<>(openings);
    }

    /** Makes a drafter for one sequence. */
    @FunctionalInterface
    public interface Opening {
        /**
         * @param capacityTokens the sequence never gets longer, drafted tokens included
         * @param cancellation of the sequence, for drafters that compute
         * @throws TernException OVERLOADED if there is no memory for it
         */
        Drafter open(int capacityTokens, Cancellation cancellation);
    }

    /** Those that need no model. */
    public static Drafters lookups() {
        Map<DrafterKind, Opening> openings = new EnumMap<>(DrafterKind.class);
        openings.put(DrafterKind.NONE, (_, _) -> new NoDrafter());
        openings.put(DrafterKind.NGRAM, (_, _) -> new NgramDrafter());
        openings.put(DrafterKind.AUTO, (_, _) -> new CoolingDrafter(new NgramDrafter()));
        return new Drafters(openings);
    }

    /** These and one more, or another one in its place. */
    public Drafters with(DrafterKind kind, Opening opening) {
        Map<DrafterKind, Opening> more = new EnumMap<>(openings);
        more.put(kind, opening);
        return new Drafters(more);
    }

    /** @throws TernException INVALID_ARGUMENT if the model has no such drafter */
    public void require(DrafterKind kind) {
        TernException.require(
                openings.containsKey(kind),
                "speculation.drafter",
                kind.wireName(),
                "one that this model has: "
                        + openings.keySet().stream().map(DrafterKind::wireName).collect(Collectors.joining(", ")));
    }

    /** @throws TernException INVALID_ARGUMENT if the model has no such drafter, and as {@link Opening#open} */
    public Drafter open(DrafterKind kind, int capacityTokens, Cancellation cancellation) {
        require(kind);
        return Objects.requireNonNull(openings.get(kind)).open(capacityTokens, cancellation);
    }
}
