/**
 * Pictures made: OpenAI's image bodies and forms, and those of the Stable Diffusion web UI. Start with {@link
 * io.tern.wire.images.ImagesJson}.
 */
@NullMarked
package io.tern.wire.images;

import org.jspecify.annotations.NullMarked;
