package io.tern.decoding.tokenizer;

import io.tern.base.TernException;
import io.tern.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What two models have in common that are to draft and to verify. Ids that both have are the same tokens; the one whose
 * vocabulary is longer, filled up to a round number for instance, has some beyond these. An id without a text, as which
 * such places are written, is compared with nothing.
 */
public final class CommonVocabulary {
    private CommonVocabulary() {}

    /**
     * How many ids, from 0 on, mean the same to both.
     *
     * @param target with as many ids as its model
     * @param draft likewise
     * @throws TernException INVALID_ARGUMENT with the first token that differs; for numbers of ids that differ where no
     *     texts can be compared, as one of the two has no tokenizer
     */
    public static int size(Tokenizer target, Tokenizer draft) {
        int size = Math.min(target.vocabularySize(), draft.vocabularySize());
        boolean compared = false;
        for (int id = 0; id < size; id++) {
            byte[] expected = target.bytes(id);
            byte[] found = draft.bytes(id);
            if (expected.length > 0 && found.length > 0) {
                TernException.require(
                        Arrays.equals(expected, found),
                        "token " + id,
                        text(found),
                        text(expected) + ", as in the model that it drafts for");
                compared = true;
            }
        }
        TernException.require(
                compared || target.vocabularySize() == draft.vocabularySize(),
                "vocabulary",
                draft.vocabularySize() + " tokens",
                target.vocabularySize() + ", as there is no tokenizer to compare them by");
        return size;
    }

    /** With its bytes where they are no text that can be shown. */
    private static String text(byte[] token) {
        String text = new String(token, StandardCharsets.UTF_8);
        boolean shown = text.codePoints().noneMatch(c -> c == 0xfffd || Character.isISOControl(c));
        return shown ? '"' + text + '"' : "bytes " + HexFormat.of().formatHex(token);
    }
}
