/**
 * Diffusion in continuous time. Song et al. 2021: an {@link io.tern.generation.sde.Sde} has a drift f(t)·x and a scalar
 * diffusion g(t), and is therefore a handful of scalar functions; variance-preserving, variance-exploding and sub-VP are
 * records of a few lines. Its {@link io.tern.generation.sde.ReverseDrift} is derived once, for the reverse-time SDE (eq. 6)
 * and the probability-flow ODE (eq. 13). {@link io.tern.generation.sde.SdeModel} asks any network in the coordinates of
 * any SDE: all of them are x = signal·data + noise·ε, so only the scale of x and the name of the level change.
 */
@NullMarked
package io.tern.generation.sde;

import org.jspecify.annotations.NullMarked;
