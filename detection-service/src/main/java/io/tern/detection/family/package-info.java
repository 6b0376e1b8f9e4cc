/**
 * Kinds of detector: how each wants its picture and what its outputs mean. {@link
 * io.tern.detection.family.DetectorFamilies} recognises a family by the model's own signature, its metadata, the operators
 * of its graph and, where these leave it open, by what it answers to a grey picture ({@code Evidence}); so no model needs
 * a file of settings beside it. One file is one family; {@code PictureInput} is what they differ in at the door, {@code
 * Candidates} what they share behind it.
 *
 * <p>One-stage: YOLO (Redmon et al. 2016 and those after), YOLOX (Ge et al. 2021), SSD (Liu et al. 2016), RetinaNet (Lin
 * et al. 2017), FCOS (Tian et al. 2019), CenterNet (Zhou et al. 2019), NanoDet (RangiLyu/nanodet, with the distributions
 * of Li et al. 2020, "Generalized Focal Loss"). Two-stage: Faster R-CNN (Ren et al. 2015), R-FCN (Dai et al. 2016),
 * Deformable R-FCN (Dai et al. 2017). Sets: DETR (Carion et al. 2020) and what came of it.
 */
@NullMarked
package io.tern.detection.family;

import org.jspecify.annotations.NullMarked;
