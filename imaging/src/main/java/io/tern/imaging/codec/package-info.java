/**
 * The way in and out for whoever does not care which format a file has: bytes that nobody vouches for become plain RGB
 * ({@link io.tern.imaging.codec.ImageDecoder}), RGB becomes a file ({@link io.tern.imaging.codec.OutputFormat}), and texts
 * beside the pixels are found ({@link io.tern.imaging.codec.ImageTexts}). Behind it each format is a package of its own, and
 * none of them knows another.
 */
@NullMarked
package io.tern.imaging.codec;

import org.jspecify.annotations.NullMarked;
