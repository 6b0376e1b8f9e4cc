/**
 * The target model: one forward over the tokens of a step ({@link io.tern.decoding.model.LanguageModel}) and the keys
 * and values that it remembers ({@link io.tern.decoding.model.KvCache}).
 */
@NullMarked
package io.tern.decoding.model;

import org.jspecify.annotations.NullMarked;
