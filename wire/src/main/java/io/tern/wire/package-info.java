/**
 * The REST bodies, to and from protobuf: one class for each API, in a package for each kind of work. Here is what they share;
 * start with {@link io.tern.wire.Fields}, the strict reader, then {@link io.tern.wire.text.ChatJson}. Types and names are
 * checked here; ranges are the services' matter, in one place. Shapes are OpenAI's where OpenAI has them; additions keep
 * vLLM's names where vLLM has them.
 */
@NullMarked
package io.tern.wire;

import org.jspecify.annotations.NullMarked;
