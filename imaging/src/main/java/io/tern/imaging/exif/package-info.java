/**
 * What cameras and image programs write beside the pixels, in JPEG, WebP and PNG alike: which way up a picture was stored,
 * and texts. CIPA DC-008.
 */
@NullMarked
package io.tern.imaging.exif;

import org.jspecify.annotations.NullMarked;
