package io.tern.decoding.convert;

import io.tern.base.Cancellation;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.Logits;
import java.util.Arrays;

/** What a model writes, token by token. */
public final class GreedyText {
    private GreedyText() {}

    /** The prompt and so many tokens behind it. */
    public static int[] of(LanguageModel model, int[] prompt, int count) {
        int[] text = Arrays.copyOf(prompt, prompt.length + count);
        try (KvCache cache = model.newCache(text.length)) {
            int from = 0;
            for (int next = prompt.length; next < text.length; next++) {
                Logits logits = model.forward(cache, Arrays.copyOfRange(text, from, next), 1, Cancellation.none());
                text[next] = logits.argMax(0);
                cache.commit(next - from);
                from = next;
            }
        }
        return text;
    }
}
