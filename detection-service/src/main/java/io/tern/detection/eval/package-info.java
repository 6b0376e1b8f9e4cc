/**
 * How good a detector is: average precision as COCO defines it, Lin et al. 2014. Start at {@link
 * io.tern.detection.eval.AveragePrecision}.
 */
@NullMarked
package io.tern.detection.eval;

import org.jspecify.annotations.NullMarked;
