/**
 * Kinds of detector: how each wants its picture and what its outputs mean. {@link
 * io.tern.detection.family.DetectorFamilies} recognises a family by the model's own signature, so no model needs a file
 * of settings beside it.
 *
 * <p>NanoDet: RangiLyu/nanodet; its boxes are the distributions of Li et al. 2020, "Generalized Focal Loss".
 */
@NullMarked
package io.tern.detection.family;

import org.jspecify.annotations.NullMarked;
