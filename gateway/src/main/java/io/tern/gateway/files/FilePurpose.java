package io.tern.gateway.files;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a file is for. OpenAI has more; nothing here would read those. */
public enum FilePurpose {
    /** Lines of requests. */
    BATCH,
    /** Lines of answers or errors; made here, never uploaded. */
    BATCH_OUTPUT;

    /** The word on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<FilePurpose> of(String word) {
        return Stream.of(values())
                .filter(purpose -> purpose.wireName().equals(word))
                .findFirst();
    }
}
