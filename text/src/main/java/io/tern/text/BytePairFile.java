package io.tern.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A tokenizer.json whose model is byte-level BPE. */
final class BytePairFile {
    private static final String FIRST = "/pre_tokenizer/pretokenizers/0";
    private static final String SECOND = "/pre_tokenizer/pretokenizers/1";
    private static final String QWEN2 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
            + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String LLAMA3 = QWEN2.replace("\\p{N}|", "\\p{N}{1,3}|");

    private BytePairFile() {}

    /** @throws IllegalArgumentException if the file asks for anything that is not built here; the message names it */
    static BytePairTokenizer read(TokenizerFile file) {
        file.requireText("/model/type", "BPE");
        file.requireAbsent("/model/unk_token");
        file.requireAbsent("/model/continuing_subword_prefix");
        file.requireAbsent("/model/end_of_word_suffix");
        file.requireFalse("/model/byte_fallback");
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : file.at("/model/merges")) {
            merges.add(
                    merge.isArray()
                            ? merge.path(0).asString() + " " + merge.path(1).asString()
                            : merge.asString());
        }
        return new BytePairTokenizer(
                file.vocabulary(), merges, file.addedTokens(), specials(file), preTokenization(file));
    }

    private static BytePairTokenizer.Specials specials(TokenizerFile file) {
        Set<String> text = new HashSet<>();
        for (int i = 0; i < file.at("/added_tokens").size(); i++) {
            String at = "/added_tokens/" + i;
            if (!file.flag(at + "/special", false)) {
                text.add(file.at(at + "/content").asString(""));
            }
        }
        return new BytePairTokenizer.Specials(text, beginning(file), file.flag("/model/ignore_merges", false));
    }

    /** A post-processor that puts tokens in front of a text; one that only trims offsets does nothing here. */
    private static int[] beginning(TokenizerFile file) {
        List<Integer> ids = new ArrayList<>();
        if (file.at("/post_processor/type").asString("").equals("Sequence")) {
            for (int i = 0; i < file.at("/post_processor/processors").size(); i++) {
                ids.addAll(beginning(file, "/post_processor/processors/" + i));
            }
        } else if (!file.at("/post_processor").isMissingNode()) {
            ids.addAll(beginning(file, "/post_processor"));
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static List<Integer> beginning(TokenizerFile file, String pointer) {
        if (file.at(pointer + "/type").asString("").equals("ByteLevel")) {
            return List.of();
        }
        file.requireText(pointer + "/type", "TemplateProcessing");
        List<Integer> ids = new ArrayList<>();
        JsonNode parts = file.at(pointer + "/single");
        for (JsonNode part : parts) {
            if (part.has("Sequence")) {
                TokenizerFile.require(
                        part == parts.get(parts.size() - 1), pointer + "/single", parts, "nothing behind the text");
                return ids;
            }
            String token = part.path("SpecialToken").path("id").asString("");
            ids.add(file.requireInt(pointer + "/special_tokens/" + token.replace("/", "~1") + "/ids/0"));
        }
        return ids;
    }

    private static PreTokenization preTokenization(TokenizerFile file) {
        if (!file.at("/pre_tokenizer/type").asString("").equals("Sequence")) {
            requireGpt2(file, "/pre_tokenizer");
            file.requireAbsent("/normalizer");
            return PreTokenization.GPT2;
        }
        if (file.at(FIRST + "/type").asString("").equals("Split")) {
            return split(file);
        }
        file.requireAbsent("/normalizer");
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

    /** By a regular expression, each of whose matches is a piece. */
    private static PreTokenization split(TokenizerFile file) {
        file.requireText(FIRST + "/behavior", "Isolated");
        file.requireFalse(FIRST + "/invert");
        file.requireText(SECOND + "/type", "ByteLevel");
        file.requireFalse(SECOND + "/add_prefix_space");
        file.requireFalse(SECOND + "/use_regex");
        file.requireAbsent("/pre_tokenizer/pretokenizers/2");
        String pattern = file.at(FIRST + "/pattern/Regex").asString("");
        TokenizerFile.require(
                pattern.equals(LLAMA3) || pattern.equals(QWEN2),
                FIRST + "/pattern",
                pattern,
                "that of Llama 3 or Qwen 2");
        if (pattern.equals(LLAMA3)) {
            file.requireAbsent("/normalizer");
            return PreTokenization.LLAMA3;
        }
        file.requireText("/normalizer/type", "NFC");
        return PreTokenization.QWEN2;
    }

    private static void requireGpt2(TokenizerFile file, String pointer) {
        file.requireText(pointer + "/type", "ByteLevel");
        file.requireFalse(pointer + "/add_prefix_space");
        TokenizerFile.require(file.flag(pointer + "/use_regex", true), pointer + "/use_regex", false, "true");
    }
}
