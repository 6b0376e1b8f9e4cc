/**
 * Samplers, each written as its paper has it: from noise to data along a
 * {@link io.tern.generation.schedule.TimeGrid}. Start with {@link io.tern.generation.sampler.Samplers}, the table of
 * them, and {@code EulerSampler}; a new one is a class and a line in the table. They know nothing of networks, batches
 * or cancellation: those live behind {@link io.tern.generation.score.ScoreModel}. Most are written in the coordinates of
 * Karras et al. 2022, x = data + σ·ε ({@code SigmaWalk}), where models of all kinds are alike.
 */
@NullMarked
package io.tern.generation.sampler;

import org.jspecify.annotations.NullMarked;
