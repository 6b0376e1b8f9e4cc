/** What a prompt says beside its words. Start with {@link io.tern.generation.prompt.PromptSyntax}. */
@NullMarked
package io.tern.generation.prompt;

import org.jspecify.annotations.NullMarked;
