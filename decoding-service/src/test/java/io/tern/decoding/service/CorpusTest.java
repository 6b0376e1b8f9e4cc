package io.tern.decoding.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.decoding.FakeTokenizer;
import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.DraftContext;
import io.tern.decoding.draft.Drafter;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.draft.RetrievalStore;
import io.tern.decoding.draft.TokenSequence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    private static final FakeTokenizer LETTERS = new FakeTokenizer(IntStream.range(0, 128)
            .mapToObj(id -> Character.toString(id).getBytes(StandardCharsets.US_ASCII))
            .toList());

    @Test
    void textsOfTheFolderAreDraftedFrom(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a.txt"), "one two three\n\nfour five");
        Files.writeString(folder.resolve("notes.md"), "one twenty");
        RetrievalStore store = Corpus.read(folder, LETTERS);
        assertThat(draft(store, "one t")).isEqualTo(Draft.of('w', 'o', ' '));
        assertThat(draft(store, "hree\n")).isEqualTo(Draft.of('\n')); // a paragraph is a text of its own
        assertThat(draft(Corpus.read(folder.resolve("none"), LETTERS), "one t")).isEqualTo(Draft.NONE);
    }

    private static Draft draft(RetrievalStore store, String text) {
        Drafters.Text opened = new Drafters.Text(64, null, Cancellation.none());
        try (Drafter drafter = Drafters.lookups(store).open(DrafterKind.RETRIEVAL, opened)) {
            return drafter.draft(DraftContext.chain(new TokenSequence(LETTERS.encode(text)), 3));
        }
    }
}
