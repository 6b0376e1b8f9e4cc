/**
 * The second stage of detectors that look at regions, written out as the papers have it. Start reading at {@link
 * io.tern.detection.region.PsRoiPooling}: the network gives k² maps for each class and one more for the background, map
 * (i, j) of a class answers "is part (i, j) of such an object here", each bin of a region asks its own map alone, and the
 * vote of the bins is the score. So a region costs no layer of its own. Dai et al. 2016, "R-FCN"; the deformable form is
 * Dai et al. 2017, "Deformable Convolutional Networks", and Zhu et al. 2019.
 *
 * <p>Models usually have this in their graphs, as one {@code RoiAlign} over sub-regions with the bins as batch. This is the
 * reference for them, and what {@code detection.family.RFcn} computes with where a model gives its maps themselves.
 */
@NullMarked
package io.tern.detection.region;

import org.jspecify.annotations.NullMarked;
