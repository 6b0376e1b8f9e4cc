/**
 * Texts that must have a form: a JSON schema, a regular expression or a choice. {@link io.tern.decoding.grammar.Grammar}
 * is the door; it becomes a network of byte edges and rule calls ({@code Network}), a pushdown automaton whose states are
 * determinised as they are met ({@code GrammarMachine}) and put over the vocabulary as a trie ({@code VocabularyTrie}), so
 * that a mask of allowed tokens is one walk. Willard and Louf 2023; Dong et al. 2024. A grammar may be narrower than what
 * it is made from, never wider: each text that it lets through is valid, and what is left out of a schema is left out to
 * keep small models from running away (bounded white space, properties in the schema's order).
 */
@NullMarked
package io.tern.decoding.grammar;

import org.jspecify.annotations.NullMarked;
