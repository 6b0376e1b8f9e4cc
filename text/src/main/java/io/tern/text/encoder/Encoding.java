package io.tern.text.encoder;

import java.util.Arrays;

/**
 * Token ids of a text for an encoder, cut and padded as its tokenizer file says.
 *
 * @param ids [tokens]
 * @param attentionMask [tokens], 1 for a token of the text or its frame, 0 for padding
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record Encoding(int[] ids, int[] attentionMask) {
    public Encoding {
        if (ids.length != attentionMask.length) {
            throw new IllegalArgumentException(
                    "attentionMask: " + attentionMask.length + " values (expected: " + ids.length + ")");
        }
    }

    public int length() {
        return ids.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Encoding that
                && Arrays.equals(ids, that.ids)
                && Arrays.equals(attentionMask, that.attentionMask);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return "Encoding[ids=" + Arrays.toString(ids) + ", attentionMask=" + Arrays.toString(attentionMask) + "]";
    }
}
