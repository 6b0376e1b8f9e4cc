package io.tern.decoding.draft;

import io.tern.base.TernException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The drafters that a request can name. Which of them a model has, its {@link Drafters} say. */
public enum DrafterKind {
    /** The best one that is there, at the length that pays, with pauses where none does. */
    AUTO,
    NONE,
    NGRAM,
    RETRIEVAL,
    DRAFT_MODEL,
    EARLY_EXIT,
    MEDUSA,
    MTP,
    EAGLE;

    /** {@code draft-model} */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws TernException INVALID_ARGUMENT for a name that no drafter has */
    public static DrafterKind ofWireName(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        "speculation.drafter",
                        name,
                        "one of "
                                + Arrays.stream(values())
                                        .map(DrafterKind::wireName)
                                        .collect(Collectors.joining(", "))));
    }
}
