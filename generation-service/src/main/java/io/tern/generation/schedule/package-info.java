/**
 * How noise grows while a model learns, and which of its levels a sampler visits.
 *
 * <p>A {@link io.tern.generation.schedule.NoisePath} knows all levels of a model:
 * {@link io.tern.generation.schedule.NoiseSchedule} those of a discrete process (Ho et al. 2020, eq. 4),
 * {@link io.tern.generation.schedule.FlowSchedule} those of straight paths (Lipman et al. 2023). A
 * {@link io.tern.generation.schedule.SamplingSchedule} chooses among them: by training step
 * ({@link io.tern.generation.schedule.TimestepSpacing}; Lin et al. 2024, table 2) or by σ
 * ({@link io.tern.generation.schedule.SigmaSchedule}; Karras et al. 2022, eq. 5). A
 * {@link io.tern.generation.schedule.TimeGrid} is what a sampler walks along. Everything here is float64.
 */
@NullMarked
package io.tern.generation.schedule;

import org.jspecify.annotations.NullMarked;
