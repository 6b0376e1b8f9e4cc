package io.tern.text.preprocess;

import io.tern.text.vocabulary.TokenizerFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's normalisation by a table of replacements: a double-array trie (Aoe 1989) over the UTF-8 of what is
 * replaced, whose values are places in a list of texts that each end with a zero byte.
 */
final class CharacterMap implements UnaryOperator<String> {
    /** Longer clusters are looked up character by character, as the reference does. */
    private static final int LONGEST_CLUSTER_BYTES = 5;

    private static final Pattern CLUSTER = Pattern.compile("\\X");

    private final int[] trie;
    private final byte[] texts;

    private CharacterMap(int[] trie, byte[] texts) {
        this.trie = trie;
        this.texts = texts;
    }

    /** @throws IllegalArgumentException if it is no such table */
    static CharacterMap of(String base64) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        int size = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
        boolean fits = size >= Integer.BYTES && size % Integer.BYTES == 0 && size <= bytes.remaining();
        TokenizerFile.require(fits, "precompiled_charsmap", size + " bytes of a trie", "a whole table");
        int[] trie = new int[size / Integer.BYTES];
        bytes.asIntBuffer().get(trie);
        byte[] texts = new byte[bytes.remaining() - size];
        bytes.get(bytes.position() + size, texts);
        return new CharacterMap(trie, texts);
    }

    @Override
    public String apply(String text) {
        StringBuilder mapped = new StringBuilder(text.length());
        Matcher clusters = CLUSTER.matcher(text);
        while (clusters.find()) {
            append(clusters.group(), mapped);
        }
        return mapped.toString();
    }

    private void append(String cluster, StringBuilder mapped) {
        byte[] bytes = cluster.getBytes(StandardCharsets.UTF_8);
        @Nullable String whole = bytes.length <= LONGEST_CLUSTER_BYTES ? find(bytes) : null;
        if (whole != null) {
            mapped.append(whole);
            return;
        }
        cluster.codePoints().forEach(c -> {
            String character = Character.toString(c);
            @Nullable String found = find(character.getBytes(StandardCharsets.UTF_8));
            mapped.append(found == null ? character : found);
        });
    }

    /** What the shortest entry that the bytes begin with is replaced by. */
    private @Nullable String find(byte[] bytes) {
        int node = offset(unit(0));
        for (byte value : bytes) {
            node ^= Byte.toUnsignedInt(value);
            int unit = unit(node);
            if (value == 0 || (unit & 0x800000ff) != Byte.toUnsignedInt(value)) {
                return null;
            }
            node ^= offset(unit);
            if ((unit >>> 8 & 1) != 0) {
                return text(unit(node) & 0x7fffffff);
            }
        }
        return null;
    }

    private int unit(int node) {
        return node >= 0 && node < trie.length ? trie[node] : 0;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & 1 << 9) >>> 6);
    }

    private String text(int begin) {
        int end = Math.min(begin, texts.length);
        while (end < texts.length && texts[end] != 0) {
            end++;
        }
        int from = Math.min(begin, end);
        return new String(texts, from, end - from, StandardCharsets.UTF_8);
    }
}
