package io.tern.text.piece;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes that tokens stand for.
 *
 * @param bytes by id; empty for an id that no token has
 * @param control by id, whether a token steers the model and is no text
 * @param leadingSpaces spaces that are cut from the front of a whole text, where encoding has put them
 * @param bareFirst whether all spaces of a whole text's first token are left out
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TokenTexts(byte[][] bytes, boolean[] control, int leadingSpaces, boolean bareFirst) {
    static final byte[] NOTHING = {};

    int requireId(int id) {
        if (id < 0 || id >= bytes.length) {
            throw new IllegalArgumentException("token id: " + id + " (expected: 0.." + (bytes.length - 1) + ")");
        }
        return id;
    }

    /** The text of all these tokens and no others. */
    String whole(int[] ids) {
        int size = Arrays.stream(ids).map(id -> bytes[requireId(id)].length).reduce(0, Math::addExact);
        byte[] joined = new byte[size];
        int at = 0;
        for (int i = 0; i < ids.length; i++) {
            byte[] piece = i == 0 && bareFirst ? withoutSpaces(bytes[ids[0]]) : bytes[ids[i]];
            System.arraycopy(piece, 0, joined, at, piece.length);
            at += piece.length;
        }
        int begin = 0;
        while (begin < Math.min(leadingSpaces, at) && joined[begin] == ' ') {
            begin++;
        }
        return new String(joined, begin, at - begin, StandardCharsets.UTF_8);
    }

    private static byte[] withoutSpaces(byte[] piece) {
        return new String(piece, StandardCharsets.ISO_8859_1).replace(" ", "").getBytes(StandardCharsets.ISO_8859_1);
    }
}
