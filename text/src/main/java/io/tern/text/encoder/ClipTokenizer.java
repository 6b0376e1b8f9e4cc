package io.tern.text.encoder;

import io.tern.text.encoder.ClipVocabulary.Settings;
import io.tern.text.piece.MergeWork;
import io.tern.text.preprocess.BertNormalizer;
import io.tern.text.vocabulary.AddedTokens;
import io.tern.text.vocabulary.Characters;
import io.tern.text.vocabulary.TokenizerFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The tokenizer of CLIP's text encoders (Radford et al. 2021, section 2.4), read from vocab.json and
 * merges.txt or from tokenizer.json, and from tokenizer_config.json: lower-cased words, each digit by itself, runs of other
 * marks; their bytes are merged pair by pair, and the last of a word is another symbol than the same one within. Framed by
 * a begin and an end, cut and padded to the encoder's length. Ids are those of the Hugging Face library's fast tokenizer. Immutable; safe for many threads.
 */
public final class ClipTokenizer implements FramedTokenizer {
    private static final String[] CONTRACTIONS = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};

    private final ClipVocabulary vocabulary;
    private final Settings settings;
    private final AddedTokens added;

    private ClipTokenizer(ClipVocabulary vocabulary, Settings settings) {
        this.vocabulary = vocabulary;
        this.settings = settings;
        this.added = new AddedTokens(vocabulary.frameTokens(settings));
    }

    /**
     * @param folder with vocab.json, merges.txt and tokenizer_config.json
     * @throws IllegalArgumentException if they do not belong together; the message names the file
     */
    public static ClipTokenizer load(Path folder) throws IOException {
        return new ClipTokenizer(ClipVocabulary.read(folder), Settings.read(folder));
    }

    /** @param folder with tokenizer_config.json */
    static ClipTokenizer of(TokenizerFile file, Path folder) throws IOException {
        return new ClipTokenizer(ClipVocabulary.of(file), Settings.read(folder));
    }

    /** Number of tokens of every encoding: the frame, the text as far as it goes, padding. */
    public int length() {
        return settings.length();
    }

    /** The text in its frame. */
    public Encoding encode(String text) {
        return frame(pieces(text));
    }

    /** Ids of a text without its frame, however long. Begin and end are recognised by their names. */
    @Override
    public int[] pieces(String text) {
        IntStream.Builder ids = IntStream.builder();
        MergeWork work = new MergeWork(vocabulary.pairs());
        added.split(text, piece -> words(normalize(piece), word -> encodeWord(word, work, ids)), ids);
        return ids.build().toArray();
    }

    /** A frame around ids, which are cut to the encoder's length. */
    @Override
    public Encoding frame(int[] pieces) {
        int kept = Math.min(pieces.length, length() - 2);
        int[] ids = new int[length()];
        int[] mask = new int[length()];
        Arrays.fill(ids, vocabulary.id(settings.padding()));
        Arrays.fill(mask, 0, kept + 2, 1);
        ids[0] = vocabulary.id(settings.begin());
        System.arraycopy(pieces, 0, ids, 1, kept);
        ids[kept + 1] = vocabulary.id(settings.end());
        return new Encoding(ids, mask);
    }

    /** How many ids the frame has before the text's. */
    @Override
    public int frameStart() {
        return 1;
    }

    private static String normalize(String text) {
        return BertNormalizer.lower(Normalizer.normalize(text, Normalizer.Form.NFC));
    }

    private void encodeWord(String word, MergeWork work, IntStream.Builder ids) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8); // half a surrogate pair becomes '?', as nobody learnt it
        for (int i = 0; i < bytes.length; i++) {
            work.add(vocabulary.symbol(bytes[i] & 0xff, i == bytes.length - 1));
        }
        work.finish(ids);
    }

    /** Contractions, runs of letters, single digits, runs of what is neither; white space only separates. */
    private static void words(String text, Consumer<String> word) {
        for (int start = 0; start < text.length(); ) {
            int first = text.codePointAt(start);
            int end = start + Character.charCount(first);
            if (!Characters.isWhitespace(first)) {
                end = wordEnd(text, start, first);
                word.accept(text.substring(start, end));
            }
            start = end;
        }
    }

    private static int wordEnd(String text, int start, int first) {
        for (String contraction : CONTRACTIONS) {
            if (text.startsWith(contraction, start)) {
                return start + contraction.length();
            }
        }
        if (Character.isLetter(first)) {
            return runEnd(text, start, Character::isLetter);
        }
        return Characters.isNumber(first)
                ? start + Character.charCount(first)
                : runEnd(text, start, ClipTokenizer::isOther);
    }

    private static boolean isOther(int c) {
        return !Characters.isWhitespace(c) && !Character.isLetter(c) && !Characters.isNumber(c);
    }

    private static int runEnd(String text, int start, IntPredicate belongs) {
        int end = start;
        while (end < text.length() && belongs.test(text.codePointAt(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }
}
