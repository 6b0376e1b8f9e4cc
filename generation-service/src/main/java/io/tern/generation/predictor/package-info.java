/**
 * Numerical methods for the reverse-time SDE, each of them for every {@link io.tern.generation.sde.Sde}. Song et al. 2021,
 * section 4.1 and appendix E. Those in terms of {@link io.tern.generation.sde.Sde#marginal} need no small steps: over
 * the levels of DDPM or SMLD they are the discrete methods of those papers.
 */
@NullMarked
package io.tern.generation.predictor;

import org.jspecify.annotations.NullMarked;
