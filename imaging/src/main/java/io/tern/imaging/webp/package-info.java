/**
 * WebP; RFC 9649. Files are taken apart by ourselves and their frame is read by TwelveMonkeys. The lossless coding (VP8L) is
 * written here, as {@link io.tern.imaging.webp.WebpEncoder} puts it together.
 */
@NullMarked
package io.tern.imaging.webp;

import org.jspecify.annotations.NullMarked;
