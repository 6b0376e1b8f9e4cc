package io.tern.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A tokenizer.json whose model is byte-level BPE. */
final class BytePairFile {
    private BytePairFile() {}

    /** @throws IllegalArgumentException if the file asks for anything that is not built here; the message names it */
    static BytePairTokenizer read(TokenizerFile file) {
        file.requireText("/model/type", "BPE");
        file.requireAbsent("/normalizer");
        file.requireAbsent("/post_processor");
        file.requireAbsent("/model/unk_token");
        file.requireAbsent("/model/continuing_subword_prefix");
        file.requireAbsent("/model/end_of_word_suffix");
        file.requireFalse("/model/byte_fallback");
        file.requireFalse("/model/ignore_merges");
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : file.at("/model/merges")) {
            merges.add(
                    merge.isArray()
                            ? merge.path(0).asString() + " " + merge.path(1).asString()
                            : merge.asString());
        }
        return new BytePairTokenizer(file.vocabulary(), merges, controlTokens(file), preTokenization(file));
    }

    /** All added tokens must be special ones, which the library leaves out of a text on demand. */
    private static Map<String, Integer> controlTokens(TokenizerFile file) {
        for (int i = 0; i < file.at("/added_tokens").size(); i++) {
            String at = "/added_tokens/" + i + "/special";
            TokenizerFile.require(file.flag(at, false), at, false, "true");
        }
        return file.addedTokens();
    }

    private static PreTokenization preTokenization(TokenizerFile file) {
        if (!file.at("/pre_tokenizer/type").asString("").equals("Sequence")) {
            requireGpt2(file, "/pre_tokenizer");
            return PreTokenization.GPT2;
        }
        file.requireText("/pre_tokenizer/pretokenizers/0/type", "Digits");
        TokenizerFile.require(
                file.flag("/pre_tokenizer/pretokenizers/0/individual_digits", false),
                "individual_digits",
                false,
                "true");
        requireGpt2(file, "/pre_tokenizer/pretokenizers/1");
        file.requireAbsent("/pre_tokenizer/pretokenizers/2");
        return PreTokenization.SMOLLM;
    }

    private static void requireGpt2(TokenizerFile file, String pointer) {
        file.requireText(pointer + "/type", "ByteLevel");
        file.requireFalse(pointer + "/add_prefix_space");
        TokenizerFile.require(file.flag(pointer + "/use_regex", true), pointer + "/use_regex", false, "true");
    }
}
