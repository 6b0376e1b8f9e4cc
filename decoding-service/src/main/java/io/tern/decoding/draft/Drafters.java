package io.tern.decoding.draft;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.decoding.model.LanguageModel;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The drafters that one model has. Immutable. */
public final class Drafters implements AutoCloseable {
    private final Map<DrafterKind, Opening> openings;

    private Drafters(Map<DrafterKind, Opening> openings) {
        this.openings = new EnumMap<>(openings);
    }

    /**
     * What a drafter is opened for.
     *
     * @param capacityTokens the sequence never gets longer, drafted tokens included
     * @param tenant from whose other texts may be drafted, and no one else's; null: from nobody's
     * @param cancellation of the sequence, for drafters that compute
     */
    public record Text(int capacityTokens, @Nullable String tenant, Cancellation cancellation) {}

    /** Makes a drafter for one sequence; owns what those of all sequences share. */
    @FunctionalInterface
    public interface Opening extends AutoCloseable {
        /** @throws TernException OVERLOADED if there is no memory for it */
        Drafter open(Text text);

        /** When none of its drafters is open; idempotent. */
        @Override
        default void close() {}
    }

    /** Those that need no model, with a store of what is written from now on. */
    public static Drafters lookups() {
        return lookups(new RetrievalStore());
    }

    /** Those that need no model. */
    public static Drafters lookups(RetrievalStore store) {
        return new Drafters(Map.of(
                DrafterKind.NONE, _ -> new NoDrafter(),
                DrafterKind.NGRAM, _ -> new NgramDrafter(),
                DrafterKind.RETRIEVAL, text -> new RetrievalDrafter(store, text)));
    }

    /** The same, with a choice among them by what pays on the model that they draft for, as it is now. */
    public Drafters withAuto(LanguageModel model) {
        return with(DrafterKind.AUTO, new AutoOpening(this, model));
    }

    /** Whether the model has such a drafter. */
    public boolean has(DrafterKind kind) {
        return openings.containsKey(kind);
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
                "one that this model has: " + String.join(", ", names()));
    }

    /** As requests name them. */
    public List<String> names() {
        return openings.keySet().stream().map(DrafterKind::wireName).toList();
    }

    /** @throws TernException INVALID_ARGUMENT if the model has no such drafter, and as {@link Opening#open} */
    public Drafter open(DrafterKind kind, Text text) {
        require(kind);
        return Objects.requireNonNull(openings.get(kind)).open(text);
    }

    /** Gives back what the drafters of all sequences share. */
    @Override
    public void close() {
        openings.values().forEach(Opening::close);
    }
}
