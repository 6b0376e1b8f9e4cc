/**
 * What the readers of all formats share: numbers from a file in memory that never reach past its end, sizes that may be
 * decoded, and why a file gives no picture.
 */
@NullMarked
package io.tern.imaging.file;

import org.jspecify.annotations.NullMarked;
