package io.tern.decoding.grammar;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.decoding.grammar.NetworkBuilder.Rule;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The texts that an output may be, independent of a model. Immutable; safe for use by many threads. */
public final class Grammar {
    private static final int MOST_CHOICES = 4_096;

    private final Network network;
    private final String field;

    private Grammar(Network network, String field) {
        this.network = network;
        this.field = field;
    }

    /**
     * JSON texts that a schema allows: properties in the schema's order, little white space, no exponents.
     *
     * @param field of the request that holds it, for errors
     * @throws TernException INVALID_ARGUMENT with the path of what is wrong, not built or too large
     */
    public static Grammar ofJsonSchema(JsonNode schema, String field) {
        return new Grammar(SchemaCompiler.compile(schema, field), field);
    }

    /** Any JSON object. */
    public static Grammar ofJsonObject(String field) {
        NetworkBuilder builder = new NetworkBuilder(field);
        Rule start = builder.rule();
        new JsonText(builder).object(start.entry(), start.exit());
        return new Grammar(builder.build(start), field);
    }

    /**
     * Texts that a regular expression matches from beginning to end.
     *
     * @throws TernException INVALID_ARGUMENT if it is wrong, not regular or too large
     */
    public static Grammar ofRegex(String pattern, String field) {
        NetworkBuilder builder = new NetworkBuilder(field);
        Rule start = builder.rule();
        CharAutomaton.ofRegex(pattern, field).write(new Characters.Utf8(builder), start.entry(), start.exit());
        return new Grammar(builder.build(start), field);
    }

    /** @throws TernException INVALID_ARGUMENT if there are none, too many or empty ones */
    public static Grammar ofChoice(List<String> choices, String field) {
        require(
                !choices.isEmpty() && choices.size() <= MOST_CHOICES,
                field,
                choices.size() + " choices",
                "1.." + MOST_CHOICES);
        require(choices.stream().noneMatch(String::isEmpty), field, "an empty choice", "texts of a character or more");
        NetworkBuilder builder = new NetworkBuilder(field);
        Rule start = builder.rule();
        builder.anyOf(start.entry(), choices, start.exit());
        return new Grammar(builder.build(start), field);
    }

    /** @throws TernException INVALID_ARGUMENT if the vocabulary cannot write it, or it is too ambiguous */
    public TokenGrammar over(VocabularyTrie vocabulary) {
        return new TokenGrammar(machine(vocabulary));
    }

    GrammarMachine machine(VocabularyTrie vocabulary) {
        return new GrammarMachine(network, vocabulary, field);
    }
}
