package io.tern.text.encoder;

import io.tern.text.piece.PairTable;
import io.tern.text.vocabulary.ByteAlphabet;
import io.tern.text.vocabulary.Merge;
import io.tern.text.vocabulary.TokenizerFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** CLIP's symbols and which of them merge. Immutable. */
final class ClipVocabulary {
    private static final String VOCABULARY = "vocab.json";
    private static final String MERGES = "merges.txt";
    private static final String END_OF_WORD = "</w>";

    /** CLIP was taught so many, and the file of some models goes on. */
    private static final int MOST_MERGES = 48_894;

    private static final int BYTES = 256;

    private final Map<String, Integer> ids;
    private final PairTable pairs;
    /** Symbol of each byte within a word, and behind those at its end. */
    private final int[] symbols = new int[2 * BYTES];

    private ClipVocabulary(Map<String, Integer> ids, List<Merge> merges) {
        this.ids = ids;
        for (int b = 0; b < BYTES; b++) {
            String character = String.valueOf(ByteAlphabet.character(b));
            symbols[b] = id(character);
            symbols[BYTES + b] = id(character + END_OF_WORD);
        }
        pairs = new PairTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            String left = merges.get(rank).left();
            String right = merges.get(rank).right();
            pairs.put(id(left), id(right), rank, id(left + right));
        }
    }

    /** Whether a tokenizer.json, as newer releases of the Hugging Face library write it alone, is of this kind. */
    static boolean isIn(TokenizerFile file) {
        return file.at("/model/end_of_word_suffix").asString("").equals(END_OF_WORD);
    }

    static ClipVocabulary of(TokenizerFile file) {
        Map<String, Integer> ids = file.vocabulary();
        file.addedTokens().forEach(token -> ids.put(token.content(), token.id()));
        return new ClipVocabulary(ids, file.merges());
    }

    /** @param folder with vocab.json and merges.txt */
    static ClipVocabulary read(Path folder) throws IOException {
        JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve(VOCABULARY)));
        Map<String, Integer> ids = HashMap.newHashMap(json.size());
        json.forEachEntry((token, id) -> ids.put(token, id.asInt(-1)));
        List<String> rules = Files.readAllLines(folder.resolve(MERGES)).stream()
                .skip(1) // the version
                .filter(line -> !line.isEmpty())
                .limit(MOST_MERGES)
                .toList();
        List<Merge> merges = new ArrayList<>(rules.size());
        for (String rule : rules) {
            String[] pair = rule.split(" ", -1);
            if (pair.length != 2) {
                throw refused(MERGES, "line " + (merges.size() + 2) + ": " + rule, "two symbols");
            }
            merges.add(new Merge(pair[0], pair[1]));
        }
        return new ClipVocabulary(ids, merges);
    }

    PairTable pairs() {
        return pairs;
    }

    int symbol(int unsignedByte, boolean endsWord) {
        return symbols[endsWord ? BYTES + unsignedByte : unsignedByte];
    }

    /** @throws IllegalArgumentException if there is no such symbol */
    int id(String token) {
        int id = ids.getOrDefault(token, -1);
        if (id < 0) {
            throw refused(VOCABULARY, "no id of " + token, "one for each symbol");
        }
        return id;
    }

    Map<String, Integer> frameTokens(Settings settings) {
        return Map.of(settings.begin(), id(settings.begin()), settings.end(), id(settings.end()));
    }

    private static IllegalArgumentException refused(String file, String found, String expected) {
        return new IllegalArgumentException(file + ": " + found + " (expected: " + expected + ")");
    }

    /**
     * tokenizer_config.json.
     *
     * @param length of an encoding, frame included
     */
    record Settings(String begin, String end, String padding, int length) {
        private static final String FILE = "tokenizer_config.json";

        static Settings read(Path folder) throws IOException {
            JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve(FILE)));
            int length = json.path("model_max_length").asInt(77);
            if (!(3 <= length && length <= 1024)) {
                throw refused(FILE, "model_max_length " + length, "3..1024");
            }
            return new Settings(
                    token(json, "bos_token", "<|startoftext|>"),
                    token(json, "eos_token", "<|endoftext|>"),
                    token(json, "pad_token", "<|endoftext|>"),
                    length);
        }

        /** A text, or an object that describes the token. */
        private static String token(JsonNode json, String field, String absent) {
            JsonNode token = json.path(field);
            return (token.isObject() ? token.path("content") : token).asString(absent);
        }
    }
}
