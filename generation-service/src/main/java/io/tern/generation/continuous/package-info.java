/**
 * Sampling by an SDE instead of a list of levels, behind the same {@link io.tern.generation.sampler.Sampler}: a
 * {@link io.tern.generation.continuous.ContinuousMethod} names the SDE and either a predictor with a corrector or the
 * tolerance of the ODE. Song et al. 2021, section 4.
 */
@NullMarked
package io.tern.generation.continuous;

import org.jspecify.annotations.NullMarked;
