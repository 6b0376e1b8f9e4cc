/**
 * How noise grows while a model learns, and which of its levels a sampler visits.
 *
 * <p>{@link io.tern.generation.schedule.NoiseSchedule} holds the levels of training (Ho et al. 2020, eq. 4),
 * {@link io.tern.generation.schedule.TimestepSpacing} chooses among them (Lin et al. 2024, table 2), and a
 * {@link io.tern.generation.schedule.TimeGrid} is what a sampler walks along. Everything here is float64.
 */
@NullMarked
package io.tern.generation.schedule;

import org.jspecify.annotations.NullMarked;
