/**
 * Pictures in memory, and what is done with them: other sizes, boxes drawn on them. Start reading at {@link
 * io.tern.imaging.RgbImage}. Files become pictures, and pictures files, in {@link io.tern.imaging.codec}.
 */
@NullMarked
package io.tern.imaging;

import org.jspecify.annotations.NullMarked;
