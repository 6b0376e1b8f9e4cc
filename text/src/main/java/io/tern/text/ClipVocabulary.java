package io.tern.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** CLIP's symbols and which of them merge. Immutable. */
final class ClipVocabulary {
    private static final String VOCABULARY = "vocab.json";
    private static final String MERGES = "merges.txt";
    /** Both in one, as newer releases of the Hugging Face library write them alone. */
    private static final String WHOLE = "tokenizer.json";

    private static final String END_OF_WORD = "</w>";

    /** CLIP was taught so many, and the file of some models goes on. */
    private static final int MOST_MERGES = 48_894;

    private static final int BYTES = 256;

    private final Map<String, Integer> ids;
    private final PairTable pairs;
    /** Symbol of each byte within a word, and behind those at its end. */
    private final int[] symbols = new int[2 * BYTES];

    private ClipVocabulary(Map<String, Integer> ids, List<String> merges) {
        this.ids = ids;
        for (int b = 0; b < BYTES; b++) {
            String character = String.valueOf(ByteAlphabet.character(b));
            symbols[b] = id(character);
            symbols[BYTES + b] = id(character + END_OF_WORD);
        }
        pairs = new PairTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            String[] pair = merges.get(rank).split(" ", -1);
            if (pair.length != 2) {
                throw refused("merges", "rule " + (rank + 1) + ": " + merges.get(rank), "two symbols");
            }
            pairs.put(id(pair[0]), id(pair[1]), rank, id(pair[0] + pair[1]));
        }
    }

    /** Whether a folder holds a tokenizer of this kind, as far as the kinds of its files tell. */
    static boolean isIn(Path folder) throws IOException {
        return Files.exists(folder.resolve(MERGES))
                || Files.exists(folder.resolve(WHOLE))
                        && json(folder.resolve(WHOLE))
                                .at("/model/end_of_word_suffix")
                                .asString("")
                                .equals(END_OF_WORD);
    }

    static ClipVocabulary read(Path folder) throws IOException {
        return Files.exists(folder.resolve(MERGES)) ? ofTwo(folder) : ofWhole(json(folder.resolve(WHOLE)));
    }

    private static ClipVocabulary ofWhole(JsonNode json) {
        Map<String, Integer> ids = ids(json.at("/model/vocab"));
        json.path("added_tokens")
                .forEach(token -> ids.put(
                        token.path("content").asString(""), token.path("id").asInt(-1)));
        List<String> merges = json.at("/model/merges")
                .valueStream()
                .map(rule -> rule.isArray()
                        ? rule.path(0).asString("") + " " + rule.path(1).asString("")
                        : rule.asString(""))
                .toList();
        return new ClipVocabulary(ids, merges);
    }

    private static ClipVocabulary ofTwo(Path folder) throws IOException {
        Map<String, Integer> ids = ids(json(folder.resolve(VOCABULARY)));
        List<String> merges = Files.readAllLines(folder.resolve(MERGES)).stream()
                .skip(1) // the version
                .filter(line -> !line.isEmpty())
                .limit(MOST_MERGES)
                .toList();
        return new ClipVocabulary(ids, merges);
    }

    private static Map<String, Integer> ids(JsonNode json) {
        Map<String, Integer> ids = HashMap.newHashMap(json.size());
        json.forEachEntry((token, id) -> ids.put(token, id.asInt(-1)));
        return ids;
    }

    private static JsonNode json(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readAllBytes(file));
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
            JsonNode json = ClipVocabulary.json(folder.resolve(FILE));
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
