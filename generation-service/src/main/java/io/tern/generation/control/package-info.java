/**
 * Sampling under what is known of the data, with a model that never learnt it. Song et al. 2021, section 5 and appendix I:
 * at each time the known part is replaced by itself with the noise of that time, and the score fills in the rest.
 */
@NullMarked
package io.tern.generation.control;

import org.jspecify.annotations.NullMarked;
