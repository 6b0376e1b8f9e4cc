/**
 * The first frame of a GIF; GIF89a.
 */
@NullMarked
package io.tern.imaging.gif;

import org.jspecify.annotations.NullMarked;
