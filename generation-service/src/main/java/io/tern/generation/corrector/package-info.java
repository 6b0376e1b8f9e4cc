/**
 * Markov chains that leave the distribution of one time as it is, and so mend what a predictor did wrong. Song et al. 2021,
 * section 4.2. With no predictor at all they are the annealed Langevin dynamics of Song and Ermon 2019.
 */
@NullMarked
package io.tern.generation.corrector;

import org.jspecify.annotations.NullMarked;
