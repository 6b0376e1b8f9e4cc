/**
 * Which box of a frame is which object of the frames before: ByteTrack, Zhang et al. 2022. Start at {@link
 * io.tern.detection.track.ByteTracker}; {@link io.tern.detection.track.BoxMotion} predicts where an object is now, {@link
 * io.tern.detection.track.Assignment} pairs predictions and boxes.
 */
@NullMarked
package io.tern.detection.track;

import org.jspecify.annotations.NullMarked;
