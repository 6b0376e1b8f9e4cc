/**
 * What samplers ask of a network, whatever it predicts.
 *
 * <p>A {@link io.tern.generation.score.Network} answers in its own {@link io.tern.generation.score.Parameterization};
 * as a {@link io.tern.generation.score.ScoreModel} it tells signal and noise apart.
 * {@link io.tern.generation.score.ClassifierFreeGuidance} is a network around a network.
 */
@NullMarked
package io.tern.generation.score;

import org.jspecify.annotations.NullMarked;
