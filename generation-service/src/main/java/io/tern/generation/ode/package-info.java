/**
 * The probability-flow ODE (Song et al. 2021, eq. 13) by an adaptive method: sampling, and, the other way, encoding.
 * {@link io.tern.generation.ode.DormandPrince} knows nothing of diffusion.
 */
@NullMarked
package io.tern.generation.ode;

import org.jspecify.annotations.NullMarked;
