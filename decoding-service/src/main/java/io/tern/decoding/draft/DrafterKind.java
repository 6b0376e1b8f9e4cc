package io.tern.decoding.draft;

import io.tern.base.TernException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The drafters that a request can name. */
public enum DrafterKind {
    /** The best one that is there, with pauses where it does not pay. */
    AUTO {
        @Override
        public Drafter open() {
            return new CoolingDrafter(new NgramDrafter());
        }
    },
    NONE {
        @Override
        public Drafter open() {
            return new NoDrafter();
        }
    },
    NGRAM {
        @Override
        public Drafter open() {
            return new NgramDrafter();
        }
    };

    /** A drafter for one sequence. */
    public abstract Drafter open();

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
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
