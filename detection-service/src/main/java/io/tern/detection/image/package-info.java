/**
 * A picture becomes a network's input by an exact contract: scores differ by up to 0.1 with another resampling and by
 * more with another colour order, so nothing here is left to a library.
 */
@NullMarked
package io.tern.detection.image;

import org.jspecify.annotations.NullMarked;
