package io.tern.text.encoder;

import io.tern.text.preprocess.BertNormalizer;
import io.tern.text.vocabulary.AddedToken;
import io.tern.text.vocabulary.AddedTokens;
import io.tern.text.vocabulary.TokenizerFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * The tokenizer of BERT-like text encoders, read from a tokenizer.json: normalised words in pieces, framed by
 * {@code [CLS]} and {@code [SEP]}, cut to the file's length and padded to it. Immutable; safe for many threads.
 *
 * <p>Ids are those of the Hugging Face library, but for texts with marks or punctuation that came after Unicode 8 (2015):
 * that library's tables do not know them, Java's do. No vocabulary of that time holds them either way.
 */
public final class WordPieceTokenizer implements FramedTokenizer {
    private static final int UNLIMITED = Integer.MAX_VALUE;

    private final AddedTokens added;
    private final BertNormalizer normalizer;
    private final WordPiece model;
    private final Frame frame;
    private final int vocabularySize;

    private WordPieceTokenizer(TokenizerFile file) {
        Map<String, Integer> vocabulary = file.vocabulary();
        String unknown = file.at("/model/unk_token").asString("[UNK]");
        int unknownId = vocabulary.getOrDefault(unknown, -1);
        TokenizerFile.require(unknownId >= 0, "/model/unk_token", unknown, "a token of the vocabulary");
        this.added = new AddedTokens(file.addedTokens());
        this.normalizer = BertNormalizer.of(file);
        this.model = new WordPiece(
                vocabulary,
                file.at("/model/continuing_subword_prefix").asString("##"),
                unknownId,
                file.requireInt("/model/max_input_chars_per_word"));
        this.frame = Frame.of(file);
        this.vocabularySize = IntStream.concat(
                                vocabulary.values().stream().mapToInt(Integer::intValue),
                                file.addedTokens().stream().mapToInt(AddedToken::id))
                        .max()
                        .orElse(-1)
                + 1;
    }

    /** @throws IllegalArgumentException if the file asks for anything that is not built here; the message names it */
    public static WordPieceTokenizer load(Path tokenizerJson) throws IOException {
        return of(TokenizerFile.read(tokenizerJson));
    }

    static WordPieceTokenizer of(TokenizerFile file) {
        file.requireText("/model/type", "WordPiece");
        file.requireText("/pre_tokenizer/type", "BertPreTokenizer");
        for (int i = 0; i < file.at("/added_tokens").size(); i++) {
            file.requireFalse("/added_tokens/" + i + "/normalized"); // they are looked for before that
        }
        return new WordPieceTokenizer(file);
    }

    /** Token ids of one text, framed, cut and padded. Added tokens such as {@code [MASK]} are recognised in the text. */
    public Encoding encode(String text) {
        return frame(pieces(text));
    }

    /** A frame around ids, which are cut and padded. */
    @Override
    public Encoding frame(int[] pieces) {
        return frame.around(pieces);
    }

    /** How many ids the frame has before the text's. */
    @Override
    public int frameStart() {
        return frame.before().length;
    }

    /** The same ids neither cut nor padded: for those who would refuse a text that is too long. */
    public int[] encodeWhole(String text) {
        return frame.aroundAll(pieces(text));
    }

    /** Ids of a text without its frame, however long. */
    @Override
    public int[] pieces(String text) {
        IntStream.Builder ids = IntStream.builder();
        added.split(text, piece -> model.encode(normalizer.normalize(piece), ids), ids);
        return ids.build().toArray();
    }

    /** Ids are 0..vocabularySize-1. */
    public int vocabularySize() {
        return vocabularySize;
    }

    /**
     * What stands around the tokens of a text.
     *
     * @param maxLength frame included; the text is cut on the right
     * @param paddedLength shorter encodings are filled on the right; 0 for no padding
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Frame(int[] before, int[] after, int maxLength, int paddedLength, int paddingId) {

        static Frame of(TokenizerFile file) {
            int[] before = new int[0];
            int[] after = new int[0];
            if (!file.at("/post_processor").isMissingNode()) {
                file.requireText("/post_processor/type", "TemplateProcessing");
                int sequence = indexOfSequence(file.at("/post_processor/single"));
                int parts = file.at("/post_processor/single").size();
                before = specialIds(file, 0, sequence);
                after = specialIds(file, sequence + 1, parts);
            }
            return new Frame(before, after, maxLength(file), paddedLength(file), paddingId(file));
        }

        Encoding around(int[] text) {
            int kept = Math.min(text.length, maxLength - before.length - after.length);
            int used = before.length + kept + after.length;
            int[] ids = new int[Math.max(used, paddedLength)];
            Arrays.fill(ids, used, ids.length, paddingId);
            System.arraycopy(before, 0, ids, 0, before.length);
            System.arraycopy(text, 0, ids, before.length, kept);
            System.arraycopy(after, 0, ids, before.length + kept, after.length);
            int[] mask = new int[ids.length];
            Arrays.fill(mask, 0, used, 1);
            return new Encoding(ids, mask);
        }

        int[] aroundAll(int[] text) {
            int[] ids = Arrays.copyOf(before, before.length + text.length + after.length);
            System.arraycopy(text, 0, ids, before.length, text.length);
            System.arraycopy(after, 0, ids, before.length + text.length, after.length);
            return ids;
        }

        private static int indexOfSequence(JsonNode parts) {
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i).has("Sequence")) {
                    return i;
                }
            }
            throw new IllegalArgumentException("tokenizer file: /post_processor/single: no Sequence (expected: one)");
        }

        private static int[] specialIds(TokenizerFile file, int from, int to) {
            return IntStream.range(from, to)
                    .mapToObj(i -> "/post_processor/single/" + i + "/SpecialToken/id")
                    .map(pointer -> file.at(pointer).asString(""))
                    .mapToInt(token -> file.requireInt("/post_processor/special_tokens/" + token + "/ids/0"))
                    .toArray();
        }

        private static int maxLength(TokenizerFile file) {
            if (file.at("/truncation").isMissingNode()) {
                return UNLIMITED;
            }
            file.requireText("/truncation/direction", "Right");
            return file.requireInt("/truncation/max_length");
        }

        private static int paddedLength(TokenizerFile file) {
            JsonNode strategy = file.at("/padding/strategy");
            if (strategy.isMissingNode() || strategy.asString("").equals("BatchLongest")) {
                return 0; // one text alone is the longest of its batch
            }
            file.requireText("/padding/direction", "Right");
            file.requireAbsent("/padding/pad_to_multiple_of");
            return file.requireInt("/padding/strategy/Fixed");
        }

        private static int paddingId(TokenizerFile file) {
            return file.at("/padding").isMissingNode() ? 0 : file.requireInt("/padding/pad_id");
        }
    }
}
