/** Boxes, how much they overlap, and the suppression of those that show one object twice. */
@NullMarked
package io.tern.detection.box;

import org.jspecify.annotations.NullMarked;
