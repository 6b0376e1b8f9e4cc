/**
 * PNG, read and written by ourselves, the same picture with the same bytes each time; W3C PNG specification, third edition.
 * Start reading at {@link io.tern.imaging.png.PngDecoder}: header, colours, unpacked data, and pixels pass by pass.
 */
@NullMarked
package io.tern.imaging.png;

import org.jspecify.annotations.NullMarked;
