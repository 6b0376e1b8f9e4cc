/**
 * Pictures in and out: bytes that nobody vouches for become plain RGB ({@link io.tern.imaging.ImageDecoder}), and RGB
 * becomes PNG with the same bytes each time ({@link io.tern.imaging.PngEncoder}). Start reading at
 * {@link io.tern.imaging.RgbImage}.
 *
 * <p>PNG: W3C PNG specification, third edition. JPEG: ITU-T T.81; colours as in JFIF 1.02. EXIF: CIPA DC-008. WebP: RFC
 * 9649. GIF: GIF89a. BMP: the headers of the Windows GDI.
 */
@NullMarked
package io.tern.imaging;

import org.jspecify.annotations.NullMarked;
