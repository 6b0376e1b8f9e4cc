package io.tern.text.chat;

import java.util.Optional;
import java.util.stream.Stream;

/** What stands behind a {@code |}. */
interface Filter {
    /** @param input what stands before it */
    Value apply(Value input, Call call);

    /** Empty if there is none of that name. */
    static Optional<Filter> named(String name) {
        Stream<Filter> found = Stream.of(Filters.named(name), SequenceFilters.named(name), NumberFilters.named(name))
                .flatMap(Optional::stream);
        return found.findFirst();
    }
}
