/**
 * JPEG; ITU-T T.81, colours as in JFIF 1.02. Files are taken apart by ourselves, so that the JDK's native decoder is given
 * the coded picture alone, and its colours are converted here.
 */
@NullMarked
package io.tern.imaging.jpeg;

import org.jspecify.annotations.NullMarked;
