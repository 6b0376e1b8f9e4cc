/**
 * OpenAI's routes of texts, answered by the decoding service, its embeddings, answered by the detection service, and routes
 * to other OpenAI-compatible servers.
 */
@NullMarked
package io.tern.gateway.openai;

import org.jspecify.annotations.NullMarked;
