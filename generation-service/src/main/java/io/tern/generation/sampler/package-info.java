/**
 * Samplers, each written as its paper has it: from standard-normal noise to data along a
 * {@link io.tern.generation.schedule.TimeGrid}. Start with {@link io.tern.generation.sampler.DdimSampler}; a new one is
 * a class and a line in {@link io.tern.generation.sampler.Samplers}. They know nothing of networks, batches or
 * cancellation: those live behind {@link io.tern.generation.score.ScoreModel}.
 */
@NullMarked
package io.tern.generation.sampler;

import org.jspecify.annotations.NullMarked;
