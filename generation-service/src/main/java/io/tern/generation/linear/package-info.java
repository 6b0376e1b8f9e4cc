/** Linear combinations of latents in float32: the only arithmetic that samplers do. */
@NullMarked
package io.tern.generation.linear;

import org.jspecify.annotations.NullMarked;
