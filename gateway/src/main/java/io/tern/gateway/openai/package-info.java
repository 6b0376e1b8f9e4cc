/** OpenAI's text routes, answered by the decoding service, and routes to other OpenAI-compatible servers. */
@NullMarked
package io.tern.gateway.openai;

import org.jspecify.annotations.NullMarked;
