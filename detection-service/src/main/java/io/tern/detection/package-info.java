/**
 * Object detection on still pictures. Start reading at {@link io.tern.detection.Detector}: a picture becomes a network's
 * input, the outputs become boxes, overlapping boxes become one, and what is left is told in pixels of the picture.
 *
 * <p>What a kind of model differs in is its {@link io.tern.detection.family.DetectorFamily}; the network itself is a
 * {@link io.tern.detection.network.Network}. All of it is plain Java that {@code new} can build; only {@code service}
 * knows gRPC and Spring.
 */
@NullMarked
package io.tern.detection;

import org.jspecify.annotations.NullMarked;
