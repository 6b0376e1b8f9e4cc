package io.tern.decoding.service;

import io.tern.base.TernException;
import io.tern.decoding.grammar.Grammar;
import io.tern.decoding.grammar.TokenGrammar;
import io.tern.decoding.grammar.VocabularyTrie;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.v1.Choice;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.GenerateRequest.ConstraintCase;
import io.tern.text.Tokenizer;
import io.tern.wire.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The constraints of a model's requests, those used last kept with what has been found out about them. The trie of the
 * vocabulary is built for the first of them. Safe for use by many threads.
 */
final class GrammarCache {
    private static final int MOST_KEPT = 16;

    private final Tokenizer tokenizer;
    private final ModelInfo model;
    private final SequencedMap<Key, TokenGrammar> kept = new LinkedHashMap<>();
    private @Nullable VocabularyTrie vocabulary;

    GrammarCache(Tokenizer tokenizer, ModelInfo model) {
        this.tokenizer = tokenizer;
        this.model = model;
    }

    /**
     * @param source the schema, the expression or the choices
     * @param field of the request that it came in, for errors
     */
    private record Key(ConstraintCase kind, Object source, String field) {}

    /** @throws TernException INVALID_ARGUMENT with the field and what is wrong in it */
    @Nullable
    TokenGrammar of(GenerateRequest request) {
        return switch (request.getConstraintCase()) {
            case JSON_SCHEMA -> ofSchema(request.getJsonSchema(), "json_schema");
            case JSON_OBJECT ->
                request.getJsonObject() ? get(new Key(ConstraintCase.JSON_OBJECT, "", "json_object")) : null;
            case REGEX -> get(new Key(ConstraintCase.REGEX, request.getRegex(), "regex"));
            case CHOICE -> get(new Key(ConstraintCase.CHOICE, request.getChoice(), "choice"));
            case CONSTRAINT_NOT_SET -> null;
        };
    }

    /**
     * JSON that a schema allows.
     *
     * @param field of the request that says what it is, for errors
     */
    TokenGrammar ofSchema(String schema, String field) {
        return get(new Key(ConstraintCase.JSON_SCHEMA, schema, field));
    }

    private synchronized TokenGrammar get(Key key) {
        TokenGrammar grammar = kept.remove(key);
        if (grammar == null) {
            grammar = compile(key).over(vocabulary());
        }
        kept.putLast(key, grammar);
        if (kept.size() > MOST_KEPT) {
            kept.pollFirstEntry();
        }
        return grammar;
    }

    private static Grammar compile(Key key) {
        return switch (key.source()) {
            case Choice choice -> Grammar.ofChoice(choice.getTextsList(), key.field());
            case String text when key.kind() == ConstraintCase.REGEX -> Grammar.ofRegex(text, key.field());
            case String text
            when key.kind() == ConstraintCase.JSON_SCHEMA ->
                Grammar.ofJsonSchema(schema(text, key.field()), key.field());
            default -> Grammar.ofJsonObject(key.field());
        };
    }

    private static JsonNode schema(String text, String field) {
        try {
            return StrictJson.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (TernException e) {
            throw TernException.invalid(field, e.getMessage(), "a JSON Schema as JSON");
        }
    }

    private VocabularyTrie vocabulary() {
        if (vocabulary == null) {
            byte[][] bytes = new byte[model.vocabularySize()][];
            for (int id = 0; id < bytes.length; id++) {
                bytes[id] = tokenizer.bytes(id);
            }
            vocabulary = new VocabularyTrie(bytes, tokenizer::isControl, model.endTokens());
        }
        return vocabulary;
    }
}
