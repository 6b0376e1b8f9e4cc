/**
 * Bitmaps of Windows and OS/2; the headers of the Windows GDI.
 */
@NullMarked
package io.tern.imaging.bmp;

import org.jspecify.annotations.NullMarked;
