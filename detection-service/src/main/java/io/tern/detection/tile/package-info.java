/**
 * Small objects in big pictures: detection in overlapping parts of the picture, as Akyon et al. 2022 (SAHI) do. Start at
 * {@link io.tern.detection.tile.TiledDetection}.
 */
@NullMarked
package io.tern.detection.tile;

import org.jspecify.annotations.NullMarked;
