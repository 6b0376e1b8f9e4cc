package io.tern.text.piece;

import io.tern.text.preprocess.Normalizers;
import io.tern.text.preprocess.PreTokenizers;
import io.tern.text.vocabulary.AddedToken;
import io.tern.text.vocabulary.TokenizerFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** A tokenizer.json whose model is BPE or unigram. */
final class PieceFile {
    /** An id may be anything in a broken file; a vocabulary is smaller than this. */
    private static final int MOST_TOKENS = 1 << 22;

    private final TokenizerFile file;

    private PieceFile(TokenizerFile file) {
        this.file = file;
    }

    /** @throws IllegalArgumentException if the file asks for anything that is not built here; the message names it */
    static PieceTokenizer read(TokenizerFile file) {
        return new PieceFile(file).tokenizer();
    }

    private PieceTokenizer tokenizer() {
        boolean unigram = file.at("/model/type").asString("BPE").equals("Unigram");
        if (!unigram && !file.at("/model/type").isMissingNode()) {
            file.requireText("/model/type", "BPE", "BPE or Unigram");
        }
        Map<String, Integer> vocabulary = unigram ? unigramVocabulary() : file.vocabulary();
        UnaryOperator<String> normalizer = Normalizers.of(file.at("/normalizer"));
        boolean changes = !file.at("/normalizer").isMissingNode();
        // Nothing to normalise: then it does not matter when such a token is looked for.
        List<AddedToken> added = file.addedTokens().stream()
                .map(token -> changes ? token : token.raw())
                .toList();
        return new PieceTokenizer(
                AddedTexts.of(added, normalizer),
                normalizer,
                PreTokenizers.of(file.at("/pre_tokenizer")),
                unigram ? unigram() : bytePairs(vocabulary),
                texts(vocabulary, added),
                beginning());
    }

    private PieceModel bytePairs(Map<String, Integer> vocabulary) {
        file.requireAbsent("/model/continuing_subword_prefix");
        file.requireAbsent("/model/end_of_word_suffix");
        String unknown = file.at("/model/unk_token").asString("");
        ByteFallback bytes =
                file.flag("/model/byte_fallback", false) ? new ByteFallback(vocabulary) : ByteFallback.NONE;
        return PairMerges.learnt(
                vocabulary,
                file.merges(),
                new PairMerges.Unknown(
                        bytes, vocabulary.getOrDefault(unknown, -1), file.flag("/model/fuse_unk", false)),
                file.flag("/model/ignore_merges", false));
    }

    private Map<String, Integer> unigramVocabulary() {
        Map<String, Integer> vocabulary = new HashMap<>();
        for (JsonNode token : file.at("/model/vocab")) {
            vocabulary.put(token.path(0).asString(""), vocabulary.size());
        }
        TokenizerFile.require(
                !vocabulary.isEmpty()
                        && vocabulary.size() == file.at("/model/vocab").size(),
                "/model/vocab",
                vocabulary.size() + " tokens",
                "a list of tokens, each with a score and none twice");
        return vocabulary;
    }

    private PieceModel unigram() {
        List<String> tokens = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (JsonNode token : file.at("/model/vocab")) {
            TokenizerFile.require(token.path(1).isNumber(), "/model/vocab", token, "a token and its score");
            tokens.add(token.path(0).asString(""));
            scores.add(token.path(1).asDouble());
        }
        int unknown = file.requireInt("/model/unk_id");
        TokenizerFile.require(unknown >= 0 && unknown < tokens.size(), "/model/unk_id", unknown, "the id of a token");
        ByteFallback bytes =
                file.flag("/model/byte_fallback", false) ? new ByteFallback(unigramVocabulary()) : ByteFallback.NONE;
        return new Unigram(
                tokens, scores.stream().mapToDouble(Double::doubleValue).toArray(), unknown, bytes);
    }

    private TokenTexts texts(Map<String, Integer> vocabulary, List<AddedToken> added) {
        TokenDecoder decoder = TokenDecoder.of(file.at("/decoder"));
        int most = Math.max(
                vocabulary.values().stream().mapToInt(Integer::intValue).max().orElse(0),
                added.stream().mapToInt(AddedToken::id).max().orElse(0));
        TokenizerFile.require(most < MOST_TOKENS, "token id", most, "below " + MOST_TOKENS);
        byte[][] bytes = new byte[most + 1][];
        boolean[] control = new boolean[most + 1];
        Arrays.fill(bytes, TokenTexts.NOTHING);
        vocabulary.forEach((token, id) -> bytes[id] = decoder.bytes(token));
        for (AddedToken token : added) {
            bytes[token.id()] = decoder.addedBytes(token.content());
            control[token.id()] = !token.text();
        }
        return new TokenTexts(bytes, control, decoder.leadingSpaces(), decoder.bareFirst());
    }

    /** A post-processor that puts tokens in front of a text; one that only trims offsets does nothing here. */
    private int[] beginning() {
        List<Integer> ids = new ArrayList<>();
        if (file.at("/post_processor/type").asString("").equals("Sequence")) {
            for (int i = 0; i < file.at("/post_processor/processors").size(); i++) {
                ids.addAll(beginning("/post_processor/processors/" + i));
            }
        } else if (!file.at("/post_processor").isMissingNode()) {
            ids.addAll(beginning("/post_processor"));
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private List<Integer> beginning(String pointer) {
        if (file.at(pointer + "/type").asString("").equals("ByteLevel")) {
            return List.of();
        }
        file.requireText(pointer + "/type", "TemplateProcessing", "TemplateProcessing");
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
}
